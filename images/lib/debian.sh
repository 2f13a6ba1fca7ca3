# shellcheck shell=bash
# Builds images from Debian packages where no registry answers. Sourced by the images' build scripts.

# The Debian mirror that this machine itself uses: the tree names no mirror.
# SKEP_DEBIAN_MIRROR overrides it (needed on distributions other than Debian).
debian_mirror() {
  local uri
  if [[ -n ${SKEP_DEBIAN_MIRROR:-} ]]; then
    printf '%s\n' "${SKEP_DEBIAN_MIRROR%/}"
    return
  fi
  # shellcheck disable=SC2016 # apt's own placeholders
  uri=$(apt-get indextargets --format '$(REPO_URI) $(LABEL)' 'Created-By: Packages' 2>/dev/null |
    awk '$2 == "Debian" || (NF == 1 && $1 ~ /\/debian\/?$/) || ($2 ~ /^\$/ && $1 ~ /\/debian\/?$/) { print $1; exit }')
  case $uri in
    '')
      echo "No Debian mirror found in this machine's apt sources; set SKEP_DEBIAN_MIRROR to one." >&2
      return 1
      ;;
    mirror+file:*)
      # A list of mirrors lies on this machine only: take its first entry.
      uri=$(awk '/^[a-z]+:/ { print $1; exit }' "${uri#mirror+file:}" 2>/dev/null || true)
      uri=${uri:-$(awk '/^[a-z]+:/ { print $1; exit }' /etc/apt/mirrors/debian.list)}
      ;;
  esac
  printf '%s\n' "${uri%/}"
}

# apt's own settings that decide whether the mirror can be reached from here.
debian_apt_options() {
  apt-config dump Acquire 2>/dev/null |
    grep -iE '^Acquire::(https?::(Proxy|Verify-Peer|CaInfo)|ForceIPv[46]|Check-Date|Retries)' || true
}

# debian_tar SUITE "EXTRA SUITES" OUT MMDEBSTRAP-OPTION...: the essential packages and what the options include.
# The archive's signatures are checked with the Debian keys of this machine.
debian_tar() {
  local suite=$1 extra=$2 out=$3 keyring=/usr/share/keyrings/debian-archive-keyring.gpg mirror options=() option s
  shift 3
  [[ -r $keyring ]] || {
    echo "$keyring is missing: apt-get install debian-archive-keyring" >&2
    return 1
  }
  mirror=$(debian_mirror)
  while IFS= read -r option; do
    [[ -z $option ]] || options+=(--aptopt="$option")
  done < <(debian_apt_options)
  local sources=()
  for s in $suite $extra; do
    sources+=("deb [signed-by=$keyring] $mirror $s main")
  done
  # A mirror may lag behind; what it holds is signed all the same.
  mmdebstrap --quiet --variant=essential --keyring="$keyring" \
    --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='APT::Install-Recommends "false"' "${options[@]}" \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    "$@" "$suite" "$out" "${sources[@]}"
}

# need_tools COMMAND...: what the build scripts call.
need_tools() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || {
      echo "$0 needs $tool: apt-get install mmdebstrap docker.io" >&2
      return 1
    }
  done
}

# docker_build_tar TAG WORK DOCKERFILE [BUILD-ARGUMENT] [FILE...]: an image of WORK/image.tar, which it takes away.
# "docker import" cannot set a stop signal on older Engines, so a Dockerfile does; the classic builder needs no plugin.
docker_build_tar() {
  local tag=$1 work=$2 dockerfile=$3 argument=${4:-}
  shift $(($# < 4 ? 3 : 4))
  mkdir "$work/context"
  mv "$work/image.tar" "$work/context/"
  cp "$dockerfile" "$@" "$work/context/"
  DOCKER_BUILDKIT=0 docker build --quiet --force-rm ${argument:+--build-arg "$argument"} --tag "$tag" "$work/context" \
    >/dev/null 2>"$work/log" || {
    cat "$work/log" >&2
    return 1
  }
}
