# shellcheck shell=bash
# A Docker Engine in Swarm mode on this machine: uses the one that answers, else starts one.
#
# What is started or made here is noted under STATE/engine, so that "down" ends that and nothing else:
#   dockerd  the process: "PID START-TIME"
#   swarm    the cluster's id, when this command made the machine a swarm

SKEP_LOCAL_ENGINE=unix:///var/run/docker.sock
SKEP_ENGINE_PID_FILE=${SKEP_ENGINE_PID_FILE:-/var/run/docker.pid}

# select_engine STATE ARGUMENT...: the Engine that is named by --engine, the environment or the last start, else the
# local one. Both halves then talk to the same: the Docker client here by DOCKER_HOST, Java by SKEP_ENGINE_HOST.
select_engine() {
  local state=$1 named
  shift
  named=$(option_value --engine "$@")
  named=${named:-${SKEP_ENGINE_HOST:-${DOCKER_HOST:-}}}
  if [[ -z $named && -r $state/up.json ]]; then
    named=$(sed -n 's/.*"engine" *: *"\([^"]*\)".*/\1/p' "$state/up.json")
  fi
  SKEP_ENGINE_HOST=${named:-$SKEP_LOCAL_ENGINE}
  DOCKER_HOST=$SKEP_ENGINE_HOST
  export SKEP_ENGINE_HOST DOCKER_HOST
  unset DOCKER_CONTEXT
}

engine_answers() { have docker && timeout 20 docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

# need_engine_packages: prints what has to be installed before an Engine can be started; nothing where one is there.
need_engine_packages() {
  engine_answers && return 0
  if ! have dockerd || ! have docker; then engine_packages; fi
}

# ensure_engine STATE YES
ensure_engine() {
  local state=$1 yes=$2 problem
  engine_answers && return 0
  problem=$(timeout 20 docker version 2>&1 >/dev/null || true)
  if [[ $problem == *"permission denied"* ]]; then
    fail "No permission to use the Engine at $SKEP_ENGINE_HOST." "Run as root, or as a member of the group docker."
  fi
  if [[ $SKEP_ENGINE_HOST != "$SKEP_LOCAL_ENGINE" ]]; then
    fail "The Engine at $SKEP_ENGINE_HOST does not answer: ${problem##*$'\n'}" "Start it, or unset SKEP_ENGINE_HOST and DOCKER_HOST."
  fi
  [[ $EUID -eq 0 ]] || fail "No Docker Engine runs here, and only root can start one."
  if [[ $yes != yes ]]; then
    fail "No Docker Engine runs here." "Start it (systemctl start docker, or dockerd), or let Skep do it: ./skep up --yes"
  fi
  step "Starting the Docker Engine"
  clear_stale_pid_file "$SKEP_ENGINE_PID_FILE" dockerd
  clear_stale_pid_file /var/run/docker/containerd/containerd.pid containerd
  if [[ -d /run/systemd/system ]]; then
    systemctl start docker || fail "systemctl start docker failed." "See: journalctl -u docker -n 50"
    await_engine "journalctl -u docker -n 50"
  else
    start_dockerd "$state"
  fi
  step "The Docker Engine runs"
}

# clear_stale_pid_file FILE NAME: an Engine that was killed leaves its pid file, and the next one refuses to start when
# any process has that pid by then. Removed only when no such process lives.
clear_stale_pid_file() {
  local pid
  [[ -r $1 ]] || return 0
  pid=$(tr -dc 0-9 <"$1")
  if [[ -n $pid && $(process_name "$pid") == "$2" ]]; then return 0; fi
  step "Removing $1: left by a $2 that no longer runs"
  rm -f "$1"
}

# make_notes STATE: nobody else may read there, as nobody may read the rest of the state directory.
make_notes() {
  (umask 077 && mkdir -p "$1/engine") || fail "Cannot write to the state directory $1." "Choose another one with --state-dir."
}

start_dockerd() {
  local state=$1 log pid='' running
  log=$state/engine/dockerd.log
  make_notes "$state"
  if running=$(tr -dc 0-9 2>/dev/null <"$SKEP_ENGINE_PID_FILE") && [[ -n $running ]]; then
    step "dockerd runs already (process $running) but does not answer yet; waiting for it"
  else
    # In a session of its own: it outlives this command and the terminal.
    setsid dockerd >>"$log" 2>&1 </dev/null &
    pid=$!
    printf '%s %s\n' "$pid" "$(process_start "$pid")" >"$state/engine/dockerd"
  fi
  await_engine "$log" "$pid"
}

# await_engine LOG-OR-COMMAND [PID]: until the socket answers; at most 60 s, and no longer than the process lives.
await_engine() {
  local where=$1 pid=${2:-} end=$((SECONDS + 60))
  until engine_answers; do
    if [[ -n $pid ]] && ! is_alive "$pid"; then
      tail -n 15 "$where" >&2
      fail "dockerd ended at once; its log is $where"
    fi
    if ((SECONDS >= end)); then
      [[ ! -f $where ]] || tail -n 15 "$where" >&2
      fail "The Docker Engine does not answer after 60 s." "See: $where"
    fi
    sleep 0.2
  done
}

# ensure_swarm STATE YES
ensure_swarm() {
  local state=$1 yes=$2 swarm address output
  swarm=$(docker info --format '{{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}}')
  case $swarm in
    'active true') return 0 ;;
    'active false') fail "This machine is a worker of a swarm; Skep works on a manager." "Promote it (docker node promote), or run this on a manager." ;;
    locked*) fail "This machine's swarm is locked." "Run: docker swarm unlock" ;;
    inactive*) ;;
    *) fail "This machine's swarm is not usable: ${swarm% *}." "See: docker info" ;;
  esac
  address=$(advertise_address)
  if [[ $yes != yes ]]; then
    fail "This Engine is in no swarm." "Run: docker swarm init --advertise-addr $address   (or: ./skep up --yes)"
  fi
  # Its output holds the join token: shown only when it failed.
  output=$(docker swarm init --advertise-addr "$address" 2>&1) || fail "docker swarm init failed: $output"
  make_notes "$state"
  docker info --format '{{.Swarm.Cluster.ID}}' >"$state/engine/swarm"
  step "Made this machine a one-node swarm (advertised as $address)"
}

# The address from which this machine would reach others, so that other machines can join; loopback where there is no
# way out. Connecting a UDP socket sends nothing: the kernel only chooses its address. (No ip command is needed.)
advertise_address() {
  local socket inode address=''
  if { exec {socket}<>/dev/udp/192.0.2.1/9; } 2>/dev/null; then
    inode=$(readlink "/proc/self/fd/$socket")
    address=$(awk -v inode="${inode//[^0-9]/}" '$10 == inode { sub(/:.*/, "", $2); print $2 }' /proc/net/udp)
    exec {socket}>&-
  fi
  if [[ $address =~ ^[0-9A-F]{8}$ ]]; then dotted "$address"; else printf '127.0.0.1'; fi
}

# dotted HEX: an IPv4 address as /proc shows it, last byte first.
dotted() { printf '%d.%d.%d.%d' "0x${1:6:2}" "0x${1:4:2}" "0x${1:2:2}" "0x${1:0:2}"; }

# engine_down STATE-NOTES PURGE: ends the Engine and, with PURGE, the swarm that "up" made, if nobody else uses them.
engine_down() {
  local dockerd=$1 swarm=$2 purge=$3 others
  engine_answers || return 0
  if [[ $purge == yes && -n $swarm && $(docker info --format '{{.Swarm.Cluster.ID}}' 2>/dev/null) == "$swarm" ]]; then
    others=$(docker service ls -q | wc -l)
    if ((others > 0)) || (($(docker node ls -q | wc -l) > 1)); then
      step "The swarm stays: it has $others other services, or other nodes"
    else
      docker swarm leave --force >/dev/null && step "This machine has left the swarm that Skep made"
    fi
  fi
  is_our_process "$dockerd" || return 0
  others=$(docker ps -q | wc -l)
  if ((others > 0)); then
    step "The Docker Engine stays: $others containers that are not Skep's run on it"
    return 0
  fi
  kill -TERM "${dockerd% *}"
  local end=$((SECONDS + 30))
  while is_our_process "$dockerd" && ((SECONDS < end)); do sleep 0.2; done
  if is_our_process "$dockerd"; then
    step "dockerd (process ${dockerd% *}) has not ended after 30 s; it was told to"
  else
    step "Stopped the Docker Engine that Skep started"
  fi
}

# is_our_process "PID START-TIME"
is_our_process() { [[ $1 == *' '* && $(process_start "${1% *}") == "${1#* }" ]]; }
