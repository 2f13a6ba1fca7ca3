# shellcheck shell=bash
# up: everything that has to be there before the Java side starts. down: the counterpart, after it has stopped.

skep_up() {
  if has_flag --help "$@" || has_flag -h "$@"; then run_cli "$@"; fi
  local yes=no state preparation status=0
  has_flag --yes "$@" && yes=yes
  state=$(state_dir "$@")
  require_jdk
  select_engine "$state" "$@"
  install_for_up "$yes"
  # The Engine and its image are made ready while Maven builds.
  prepare_engine "$state" "$yes" &
  preparation=$!
  # Whatever happens here, the other half ends first: its messages must not come after the prompt.
  trap 'wait "$preparation" || true; say "skep: stopped; the reason stands above"' EXIT
  java_command
  wait "$preparation" || status=$?
  trap - EXIT
  ((status == 0)) || fail "The Engine or its image could not be made ready; the reason stands above."
  exec "${JAVA_COMMAND[@]}" "$@"
}

# All packages in one go, before anything else: without --yes one message names them all.
install_for_up() {
  local yes=$1 packages=()
  mapfile -t packages < <(need_engine_packages)
  if ! have mvn && ! is_built "$(source_fingerprint)"; then packages+=(maven); fi
  ((${#packages[@]})) || return 0
  [[ $yes == yes ]] || fail "These packages are missing: ${packages[*]}" \
    "Run: apt-get update && apt-get install -y ${packages[*]}" "or let Skep do it: ./skep up --yes"
  apt_install "${packages[@]}"
}

# prepare_engine STATE YES
prepare_engine() {
  ensure_engine "$1" "$2"
  ensure_swarm "$1" "$2"
  ensure_image haproxy:3.4 "$2"
}

skep_down() {
  if has_flag --help "$@" || has_flag -h "$@"; then run_cli "$@"; fi
  local state dockerd swarm purge=no status=0
  state=$(state_dir "$@")
  has_flag --purge "$@" && purge=yes
  # What runs there is what the last start made, whatever the environment names by now.
  if [[ -r $state/up.json ]]; then unset SKEP_ENGINE_HOST DOCKER_HOST; fi
  select_engine "$state" "$@"
  # Read before the Java side runs: --purge takes the state directory away.
  dockerd=$(cat "$state/engine/dockerd" 2>/dev/null || true)
  swarm=$(cat "$state/engine/swarm" 2>/dev/null || true)
  java_command
  "${JAVA_COMMAND[@]}" "$@" || status=$?
  # 3: the suite did not run. The Engine that it left may still do.
  ((status == 0 || status == 3)) || exit "$status"
  engine_down "$dockerd" "$swarm" "$purge"
  exit "$status"
}
