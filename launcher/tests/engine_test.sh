# shellcheck shell=bash

test_up_without_yes_names_all_missing_packages_and_installs_nothing() {
  given_tree
  given_jdk "$T/jvm/jdk-25" 25
  rm "$T/bin/mvn"
  given_command apt-get 'exit 0'
  given_command apt-cache 'exit 1'
  run "$T/tree/skep" up --demo
  assert_status 1
  assert_output "apt-get install -y docker.io"
  assert_output "maven"
  assert_output "./skep up --yes"
  assert_equal "$(calls apt-get)" 0
}

test_a_stopped_engine_is_not_started_without_yes() {
  given_tree
  given_jdk "$T/jvm/jdk-25" 25
  given_command docker 'exit 1'
  given_command dockerd 'exit 1'
  run "$T/tree/skep" up
  assert_status 1
  assert_output "No Docker Engine runs here"
  assert_equal "$(calls dockerd)" 0
}

test_a_remote_engine_that_does_not_answer_is_never_replaced_by_a_local_one() {
  given_tree
  given_jdk "$T/jvm/jdk-25" 25
  given_command docker 'echo "Cannot connect to tcp://other:2375" >&2; exit 1'
  given_command dockerd 'exit 1'
  export DOCKER_HOST=tcp://other:2375
  run "$T/tree/skep" up --yes
  assert_status 1
  assert_output "tcp://other:2375"
  assert_equal "$(calls dockerd)" 0
}

test_the_engine_of_the_option_wins_over_environment_and_last_start() {
  load
  echo '{ "engine" : "unix:///last.sock" }' >"$T/state/up.json"
  export DOCKER_HOST=unix:///environment.sock
  select_engine "$T/state" up --engine unix:///option.sock
  assert_equal "$SKEP_ENGINE_HOST $DOCKER_HOST" "unix:///option.sock unix:///option.sock"
}

test_the_engine_of_the_last_start_is_used_again() {
  load
  echo '{ "engine" : "unix:///last.sock" }' >"$T/state/up.json"
  select_engine "$T/state" up
  assert_equal "$SKEP_ENGINE_HOST" unix:///last.sock
}

test_no_permission_on_the_socket_is_said() {
  load
  select_engine "$T/state"
  given_command docker 'echo "permission denied while trying to connect" >&2; exit 1'
  run ensure_engine "$T/state" yes
  assert_status 1
  assert_output "member of the group docker"
}

test_an_engine_that_ends_at_once_shows_its_log() {
  load
  select_engine "$T/state"
  given_command docker 'exit 1'
  given_command dockerd 'echo "failed to start daemon: no cgroups"; exit 1'
  run start_dockerd "$T/state"
  assert_status 1
  assert_output "no cgroups"
  assert_output "$T/state/engine/dockerd.log"
}

test_an_engine_started_here_is_noted_with_its_start_time() {
  load
  given_command docker '[[ -e '"$T"'/up ]]'
  given_command dockerd 'touch '"$T"'/up; exec sleep 60'
  run start_dockerd "$T/state"
  assert_status 0
  read -r STARTED start <"$T/state/engine/dockerd"
  assert_equal "$start" "$(process_start "$STARTED")"
}

test_a_pid_file_of_a_dead_engine_is_removed() {
  load
  echo 999999999 >"$T/docker.pid"
  run clear_stale_pid_file "$T/docker.pid" dockerd
  [[ ! -e $T/docker.pid ]] || flunk "still there"
}

test_a_pid_file_whose_pid_now_belongs_to_another_program_is_removed() {
  load
  echo $$ >"$T/docker.pid"
  run clear_stale_pid_file "$T/docker.pid" dockerd
  [[ ! -e $T/docker.pid ]] || flunk "still there"
}

test_a_pid_file_of_a_living_engine_stays() {
  load
  echo $$ >"$T/docker.pid"
  run clear_stale_pid_file "$T/docker.pid" "$(process_name $$)"
  [[ -e $T/docker.pid ]] || flunk "removed"
}

test_a_zombie_is_not_alive() {
  load
  # The shell that started it is replaced by one that asks for no status.
  bash -c 'sleep 0.3 & echo $!; exec sleep 60' >"$T/zombie" 2>/dev/null &
  STARTED=$!
  has_become_a_zombie() { grep -qs '^State:.Z' "/proc/$(cat "$T/zombie")/status"; }
  await has_become_a_zombie
  run is_alive "$(cat "$T/zombie")"
  assert_status 1
}

# given_swarm "STATE CONTROL"
given_swarm() {
  given_command docker 'case "$*" in *LocalNodeState*) echo "'"$1"'";; *Cluster.ID*) echo c1;; esac'
}

test_a_manager_is_left_as_it_is() {
  load
  given_swarm 'active true'
  run ensure_swarm "$T/state" yes
  assert_status 0
  assert_equal "$(calls 'docker swarm')" 0
}

test_a_swarm_made_here_is_noted() {
  load
  given_swarm 'inactive false'
  run ensure_swarm "$T/state" yes
  assert_equal "$(calls "docker swarm init --advertise-addr $(advertise_address)")" 1
  assert_equal "$(cat "$T/state/engine/swarm")" c1
}

test_no_swarm_is_made_without_yes() {
  load
  given_swarm 'inactive false'
  run ensure_swarm "$T/state" no
  assert_status 1
  assert_output "docker swarm init --advertise-addr"
  assert_equal "$(calls 'docker swarm')" 0
}

test_a_worker_is_told_to_use_a_manager() {
  load
  given_swarm 'active false'
  run ensure_swarm "$T/state" yes
  assert_status 1
  assert_output "worker of a swarm"
}

test_the_advertised_address_is_one_of_this_machine() {
  load
  run advertise_address
  # Every address of this machine stands in the kernel's table as a local host.
  grep -A 1 -F -- "-- ${OUTPUT:-none}" /proc/net/fib_trie | grep -q 'host LOCAL' || flunk "\"$OUTPUT\" is not ours"
}

test_the_kernels_notation_of_an_address_is_read() {
  load
  run dotted 0702000A
  assert_equal "$OUTPUT" 10.0.2.7
}

test_down_ends_the_engine_that_up_started() {
  load
  given_command docker 'exit 0'
  sleep 60 >/dev/null 2>&1 &
  STARTED=$!
  run engine_down "$STARTED $(process_start $STARTED)" '' no
  ! kill -0 "$STARTED" 2>/dev/null || flunk "still runs"
  assert_output "Stopped the Docker Engine"
}

test_down_leaves_an_engine_on_which_others_run_containers() {
  load
  given_command docker '[[ $1 != ps ]] || echo abc'
  sleep 60 >/dev/null 2>&1 &
  STARTED=$!
  run engine_down "$STARTED $(process_start $STARTED)" '' no
  kill -0 "$STARTED" || flunk "was ended"
}

test_down_ends_no_process_that_only_has_the_same_pid() {
  load
  given_command docker 'exit 0'
  sleep 60 >/dev/null 2>&1 &
  STARTED=$!
  run engine_down "$STARTED 1" '' no
  kill -0 "$STARTED" || flunk "was ended"
}

test_down_with_purge_leaves_only_the_swarm_that_up_made() {
  load
  given_command docker '[[ "$*" != *Cluster.ID* ]] || echo theirs'
  run engine_down '' ours yes
  assert_equal "$(calls 'docker swarm leave')" 0
  run engine_down '' theirs yes
  assert_equal "$(calls 'docker swarm leave')" 1
}

test_down_talks_to_the_engine_of_the_last_start_whatever_the_environment_names() {
  load
  echo '{ "engine" : "unix:///last.sock" }' >"$T/state/up.json"
  export DOCKER_HOST=unix:///environment.sock SKEP_ENGINE_HOST=unix:///environment.sock
  given_command docker 'exit 1'
  given_command commands 'echo "engine: $DOCKER_HOST"'
  java_command() { JAVA_COMMAND=(commands); }
  run skep_down down --state-dir "$T/state"
  assert_output "engine: unix:///last.sock"
}
