# shellcheck shell=bash
# Builds the images of the Prometheus family from Debian packages. Sourced by their build scripts, after debian.sh.
#
# From outside they are the official images: a small root with busybox, the programs under /bin, run by nobody. The
# packages are unpacked only: their own scripts would set up a service and another user.

# prometheus_image TAG SUITE PACKAGES HOOK DOCKERFILE PROGRAM: HOOK gets the new root and puts the package's files where
# the official image has them; PROGRAM is the path in the image that tells the version.
prometheus_image() {
  local tag=$1 suite=$2 packages=$3 hook=$4 dockerfile=$5 program=$6 work version
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # this very directory
  trap "rm -rf '$work'" EXIT
  debian_tar "$suite" "" "$work/image.tar" --variant=extract --include="libc6,busybox,ca-certificates,tzdata,$packages" \
    --extract-hook="$(dirname "${BASH_SOURCE[0]}")/busybox-root" --extract-hook="$hook" \
    --extract-hook="chroot \"\$1\" $program --version >\"$work/version\" 2>&1"
  version=$(sed -n '1s/.*version \([0-9.]*\).*/\1/p' "$work/version")
  same_series "$tag" "$version" || return 1
  docker_build_tar "$tag" "$work" "$dockerfile" "VERSION=$version"
  echo "$tag: $program $version"
}

# same_series TAG VERSION: the archive moves on; what bears the tag's name has the first two numbers of the tag.
same_series() {
  local wanted=${1##*:v}
  [[ $2 == "${wanted%.*}".* ]] && return 0
  echo "Debian's mirror offers ${2:-an unknown version}, wanted ${wanted%.*}: use a mirror that has it (SKEP_DEBIAN_MIRROR) or a registry." >&2
  return 1
}
