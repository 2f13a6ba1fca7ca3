# shellcheck shell=bash
# Builds the lab's own images from Debian packages. Sourced by their build scripts.

# shellcheck source-path=SCRIPTDIR source=debian.sh
. "$(dirname "${BASH_SOURCE[0]}")/debian.sh"

# lab_image TAG DIRECTORY "PACKAGES BY COMMA" PROGRAM CHANGE...: packages of Debian forky, the program PROGRAM of the
# directory as /usr/local/bin/PROGRAM under an init that reaps, and what "docker import" shall change besides.
lab_image() {
  local tag=$1 directory=$2 packages=$3 program=$4 tool work change changes=()
  shift 4
  for tool in mmdebstrap docker apt-get; do
    command -v "$tool" >/dev/null || {
      echo "$directory/build needs $tool: apt-get install mmdebstrap docker.io" >&2
      return 1
    }
  done
  for change in "$@"; do changes+=(--change "$change"); done
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # the directory of now
  trap "rm -rf '$work'" EXIT
  cat >"$work/finish" <<'HOOK'
set -eu
rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/* "$1"/var/cache/debconf/*-old "$1"/var/log/* \
  "$1/usr/lib/systemd" "$1/etc/apt/apt.conf.d/99mmdebstrap"
HOOK
  chmod +x "$work/finish"
  debian_tar forky "" "$work/image.tar" --include="tini,$packages" \
    --customize-hook="upload $directory/$program /usr/local/bin/$program" \
    --customize-hook="chmod 755 \"\$1/usr/local/bin/$program\"" \
    --customize-hook="$work/finish"
  docker import "${changes[@]}" \
    --change "ENTRYPOINT [\"tini\", \"--\", \"/usr/local/bin/$program\"]" \
    --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
    --change "LABEL dev.skep.source=$(lab_image_source "$directory")" \
    "$work/image.tar" "$tag" >/dev/null
  echo "$tag: built from Debian packages"
}

# lab_image_source DIRECTORY: one word that changes when a file does that the image is made from.
lab_image_source() {
  cat "$1"/* "$(dirname "${BASH_SOURCE[0]}")/lab.sh" | sha256sum | cut -c1-16
}
