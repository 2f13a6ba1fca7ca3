# shellcheck shell=bash
# lab: the Engine and the images that "lab up" needs, made ready before the Java side starts.

# skep_lab "lab" ARGUMENT...
skep_lab() {
  if [[ ${2:-} != up ]] || has_flag --help "$@" || has_flag -h "$@"; then run_cli "$@"; fi
  local yes=no state preparation status=0 images=() image
  has_flag --yes "$@" && yes=yes
  [[ $EUID -eq 0 ]] || fail "The lab runs Engines in containers and needs root." "Run: sudo ./skep lab up"
  SKEP_STARTED=$((EPOCHSECONDS - SECONDS))
  export SKEP_STARTED
  # In a shell that uses the lab, the lab's own nodes are not where it is made.
  if [[ ${DOCKER_HOST:-} == unix:///run/skep-lab* ]]; then unset DOCKER_HOST SKEP_ENGINE_HOST; fi
  state=$(state_dir)
  select_engine "$state"
  require_jdk
  install_for_lab "$yes"
  prepare_lab "$state" "$yes" &
  preparation=$!
  trap 'wait "$preparation" || true; say "skep: stopped; the reason stands above"' EXIT
  java_command
  wait "$preparation" || status=$?
  trap - EXIT
  ((status == 0)) || fail "The Engine or the lab's images could not be made ready; the reason stands above."
  for image in $(lab_pushes); do images+=(--image "$image"); done
  exec "${JAVA_COMMAND[@]}" "$@" "${images[@]}"
}

# All packages in one go, before anything else: without --yes one message names them all.
install_for_lab() {
  local yes=$1 packages=()
  mapfile -t packages < <(
    need_engine_packages
    if ! have mvn && ! is_built "$(source_fingerprint)"; then echo maven; fi
    debian_image_packages
  )
  ((${#packages[@]})) || return 0
  [[ $yes == yes ]] || fail "These packages are missing: ${packages[*]}" \
    "Run: apt-get update && apt-get install -y ${packages[*]}" "or let Skep do it: ./skep lab up --yes"
  apt_install "${packages[@]}"
}

# prepare_lab STATE YES: the Engine, the lab's own images, and those that run in it.
prepare_lab() {
  ensure_engine "$1" "$2"
  ensure_all_images "$2"
}

# ensure_all_images YES: in two lanes, for making an image keeps one processor busy: what our own images stand on, and
# they; all the rest. The first one takes longer, and so goes first where processors are few.
ensure_all_images() {
  local yes=$1 rest
  {
    renice -n 10 -p "$BASHPID" >/dev/null 2>&1 || true
    ensure_lab_images "$yes"
    ensure_third_party_images "$yes"
    build_keepalived_image "${SKEP_VERSION:-0.1.0}"
  } &
  rest=$!
  # Not left behind if this lane fails.
  trap 'wait "$rest" || true' EXIT
  ensure_image_bases "$yes"
  build_own_images "$yes"
  trap - EXIT
  wait "$rest"
}

# ensure_lab_images YES: builds those that are missing or whose sources changed. They are never pulled.
ensure_lab_images() {
  local yes=$1 directory tag log started source packages=()
  for directory in "$SKEP_HOME"/images/lab-*; do
    tag=skep-lab/${directory##*/lab-}
    # shellcheck source=/dev/null
    source=$(. "$SKEP_HOME/images/lib/lab.sh" && lab_image_source "$directory")
    [[ $(docker image inspect --format '{{index .Config.Labels "dev.skep.source"}}' "$tag" 2>/dev/null) != "$source" ]] || continue
    mapfile -t packages < <(debian_image_packages)
    if ((${#packages[@]})); then
      [[ $yes == yes ]] || fail "Building $tag takes packages that are missing." "Run: apt-get install -y ${packages[*]}"
      apt_install "${packages[@]}"
    fi
    started=$SECONDS
    step "Building $tag from Debian packages"
    log=$(mktemp)
    if ! "$directory/build" "$tag" >"$log" 2>&1; then
      tail -n 15 "$log" >&2
      fail "Building $tag failed; the whole log is $log" "A Debian mirror must be in reach; SKEP_DEBIAN_MIRROR names another."
    fi
    rm -f "$log"
    step "Built $tag in $((SECONDS - started)) s"
  done
}

# lab_pushes: the images that nodes pull from the lab's registry: those of others that are here, and our own. What is
# only built upon is left out.
lab_pushes() {
  local tag name
  for tag in $(third_party_tags); do
    case $tag in
      debian:* | eclipse-temurin:*) ;;
      *) if has_image "$tag"; then echo "$tag"; fi ;;
    esac
  done
  for name in $(own_image_names); do echo "$SKEP_IMAGES/$name:${SKEP_VERSION:-0.1.0}"; done
}
