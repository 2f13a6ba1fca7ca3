# shellcheck shell=bash
# Packages of the distribution: installed with --yes, named in the error without.

# package_of COMMAND: the Debian packages that bring it; nothing for what is fetched apart (fetch_tool).
package_of() {
  case $1 in
    mvn) echo maven ;;
    # The package named docker is a window manager's dock.
    docker | dockerd) engine_packages ;;
    pebble | pebble-challtestsrv) echo pebble ;;
    chromedriver) echo chromium-driver ;;
    promtool) ;;
    script) echo bsdutils ;;
    age | chromium | curl | git | hey | openssl | shellcheck | socat | wrk) echo "$1" ;;
    *) fail "A test requires the command $1, and launcher/packages.sh does not say which package brings it." ;;
  esac
}

# fetch_tool PACKAGE: unpacks a package under .build/tools and puts its programs on the PATH: for packages that would
# also set up a server on this machine.
fetch_tool() {
  local root work
  root=$(build_root)/tools/$1
  if [[ ! -d $root ]]; then
    step "Fetching the programs of $1 (not installed)"
    work=$(mktemp -d)
    (cd "$work" && { apt_quiet download "$1" || { apt_quiet update && apt_quiet download "$1"; }; }) >"$work/log" 2>&1 || {
      tail -n 5 "$work/log" >&2
      fail "apt-get download $1 failed." "Run apt-get update as root, or install $1 by hand."
    }
    dpkg-deb -x "$work/$1"_*.deb "$work/root"
    mkdir -p "${root%/*}"
    mv "$work/root" "$root"
    rm -rf "$work"
  fi
  export PATH=$root/usr/bin:$PATH
}

# apt_install PACKAGE...: as root, without questions. A package's services are not started by it.
apt_install() {
  local log started=$SECONDS
  have apt-get || fail "This machine has no apt-get; install these by hand: $*"
  [[ $EUID -eq 0 ]] || fail "Packages are missing; as root, run: apt-get install -y $*"
  log=$(mktemp)
  step "Installing $* from the distribution"
  # A third-party source that does not answer must not stand in the way: the installation decides.
  apt_quiet update >"$log" 2>&1 || true
  if ! apt_quiet install -y --no-install-recommends "$@" >>"$log" 2>&1; then
    tail -n 15 "$log" >&2
    fail "apt-get install $* failed; the whole log is $log"
  fi
  rm -f "$log"
  step "Installed in $((SECONDS - started)) s"
}

apt_quiet() {
  DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get -q -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 \
    -o Dpkg::Options::=--force-confold "$@" </dev/null
}

# engine_packages: docker.io, and its client where that is a package of its own.
engine_packages() {
  echo docker.io
  if apt-cache show docker-cli >/dev/null 2>&1; then echo docker-cli; fi
  if [[ ! -d /run/systemd/system ]]; then echo cgroupfs-mount; fi
}

# image_packages DIRECTORY: what building that image still needs here.
image_packages() {
  case $1 in
    kafka) have mvn || echo maven ;;
    *) debian_image_packages ;;
  esac
}

debian_image_packages() {
  have mmdebstrap || echo mmdebstrap
  [[ -r /usr/share/keyrings/debian-archive-keyring.gpg ]] || echo debian-archive-keyring
}
