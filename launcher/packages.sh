# shellcheck shell=bash
# Packages of the distribution: installed with --yes, named in the error without.

# package_of COMMAND: the Debian packages that bring it. (The one named docker is a window manager's dock.)
package_of() {
  case $1 in
    mvn) echo maven ;;
    docker | dockerd) engine_packages ;;
    promtool) echo prometheus ;;
    chromedriver) echo chromium-driver ;;
    flock) echo util-linux ;;
    ip) echo iproute2 ;;
    *) echo "$1" ;;
  esac
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

image_packages() {
  have mmdebstrap || echo mmdebstrap
  [[ -r /usr/share/keyrings/debian-archive-keyring.gpg ]] || echo debian-archive-keyring
}
