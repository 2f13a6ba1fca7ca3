# shellcheck shell=bash

test_the_first_command_builds_and_the_next_one_does_not() {
  given_tree
  given_jdk "$T/jvm/jdk-25" 25
  "$T/tree/skep" status >/dev/null 2>&1
  run "$T/tree/skep" stack ls
  assert_status 0
  assert_equal "$(calls mvn)" 1
  assert_equal "$OUTPUT" $'java stack\njava ls'
}

test_a_changed_source_is_built_again() {
  given_tree
  given_jdk "$T/jvm/jdk-25" 25
  "$T/tree/skep" build 2>/dev/null
  echo 'class Main {}' >"$T/tree/cli/src/main/java/Main.java"
  run "$T/tree/skep" build
  assert_equal "$(calls mvn)" 2
}

test_a_new_and_a_removed_source_count_as_changes() {
  given_tree
  given_jdk "$T/jvm/jdk-25" 25
  "$T/tree/skep" build 2>/dev/null
  touch "$T/tree/cli/src/main/java/New.java"
  "$T/tree/skep" build 2>/dev/null
  rm "$T/tree/cli/src/main/java/Main.java"
  run "$T/tree/skep" build
  assert_equal "$(calls mvn)" 3
}

test_a_failed_build_shows_its_errors_and_is_tried_again() {
  given_tree
  given_jdk "$T/jvm/jdk-25" 25
  given_command mvn 'echo "[INFO] noise"; echo "[ERROR] Main.java:[3,5] cannot find symbol"; exit 1'
  run "$T/tree/skep" build
  assert_status 1
  assert_output "Main.java:[3,5] cannot find symbol"
  assert_no_output "noise"
  assert_output "$T/tree/.build/build.log"
  run "$T/tree/skep" build
  assert_equal "$(calls mvn)" 2
}

test_two_starts_at_once_build_once() {
  given_tree
  given_jdk "$T/jvm/jdk-25" 25
  given_command mvn 'mkdir -p cli/target/lib && touch cli/target/skep-cli-1.jar && for i in {1..40}; do [[ -e '"$T"'/go ]] && break; sleep 0.1; done'
  "$T/tree/skep" build 2>"$T/first" &
  "$T/tree/skep" build 2>"$T/second" &
  one_waits() { grep -qs waiting "$T/first" "$T/second"; }
  await one_waits
  touch "$T/go"
  wait
  assert_equal "$(calls mvn)" 1
}

test_what_a_process_runs_from_outlives_the_next_build() {
  given_tree
  given_jdk "$T/jvm/jdk-25" 25
  "$T/tree/skep" build 2>/dev/null
  local old
  old=$(readlink -f "$T/tree/.build/current")
  bash -c 'exec -a "$0" sleep 60' "$old/lib/a.jar" >/dev/null 2>&1 &
  STARTED=$!
  touch "$T/tree/cli/src/main/java/New.java"
  run "$T/tree/skep" build
  [[ -e $old/complete ]] || flunk "the build in use is gone"
}

test_a_build_nobody_uses_is_dropped() {
  given_tree
  given_jdk "$T/jvm/jdk-25" 25
  "$T/tree/skep" build 2>/dev/null
  local old
  old=$(readlink -f "$T/tree/.build/current")
  touch "$T/tree/cli/src/main/java/New.java"
  run "$T/tree/skep" build
  [[ ! -e $old ]] || flunk "$old is still there"
}

test_maven_runs_on_the_jdk_that_was_found() {
  given_tree
  given_jdk "$T/jvm/jdk-25" 25
  given_command mvn 'mkdir -p cli/target/lib && touch cli/target/skep-cli-1.jar && echo "home $JAVA_HOME" >>"'"$T"'/calls"'
  run "$T/tree/skep" build
  assert_equal "$(grep '^home' "$T/calls")" "home $T/jvm/jdk-25"
}

test_arguments_reach_java_unchanged() {
  given_tree
  given_jdk "$T/jvm/jdk-25" 25
  run "$T/tree/skep" stack 'two words; $(x)' ''
  assert_output 'java two words; $(x)'
}

test_help_needs_neither_java_nor_a_build() {
  given_tree
  run "$T/tree/skep" help
  assert_status 0
  assert_output "./skep up"
  assert_equal "$(calls mvn)" 0
}

test_a_build_is_followed_by_a_cache_for_quick_starts() {
  given_tree
  given_jdk "$T/jvm/jdk-25" 25
  printf '#!/usr/bin/env bash\nfor a; do [[ $a != -XX:AOTCacheOutput=* ]] || touch "${a#*=}"; done\necho "$*"\n' >"$T/jvm/jdk-25/bin/java"
  export SKEP_AOT=yes
  "$T/tree/skep" build 2>/dev/null
  await test -e "$T/tree/.build/current/cli.aot"
  run "$T/tree/skep" status
  assert_output "-XX:AOTCache=$(readlink -f "$T/tree/.build/current")/cli.aot"
}

test_old_classes_are_made_fit_for_the_cache_before_it_is_made() {
  given_tree
  given_command mvn 'mkdir -p cli/target/lib && touch cli/target/skep-cli-1.jar cli/target/lib/picocli-4.jar'
  given_jdk "$T/jvm/jdk-25" 25
  printf '#!/usr/bin/env bash\necho "$*" >>"%s"\n' "$T/java.calls" >"$T/jvm/jdk-25/bin/java"
  export SKEP_AOT=yes
  "$T/tree/skep" build 2>/dev/null
  await grep -q AOTCacheOutput "$T/java.calls"
  run head -n 1 "$T/java.calls"
  assert_output "Modernize.java"
  assert_output "/lib/picocli-4.jar"
  assert_equal "$(find "$T/tree/.build" -name modernize)" ""
}

test_a_failed_training_leaves_nothing_behind() {
  load
  SKEP_JDK=$T/jdk
  SKEP_AOT=yes
  given_jdk "$T/jdk" 25
  printf '#!/usr/bin/env bash\nfor a; do [[ $a != -XX:AOTCacheOutput=* ]] || touch "${a#*=}"; done\nexit 1\n' >"$T/jdk/bin/java"
  mkdir "$T/dist"
  train_cli "$T/dist"
  wait
  assert_equal "$(find "$T/dist" -type f)" ""
}
