# shellcheck shell=bash

test_a_jdk_25_in_JAVA_HOME_is_taken_first() {
  load
  given_jdk "$T/mine" 25.0.1
  given_jdk "$T/jvm/other-25" 25
  export JAVA_HOME=$T/mine
  run find_jdk
  assert_equal "$OUTPUT" "$T/mine"
}

test_an_older_jdk_in_JAVA_HOME_is_passed_over() {
  load
  given_jdk "$T/java-17" 17.0.15
  given_jdk "$T/jvm/temurin-25" 25.0.2
  export JAVA_HOME=$T/java-17
  run find_jdk
  assert_equal "$OUTPUT" "$T/jvm/temurin-25"
}

test_a_jdk_on_the_PATH_is_found_through_its_link() {
  load
  given_jdk "$T/opt/jdk" 25
  ln -s "$T/opt/jdk/bin/javac" "$T/bin/javac"
  run find_jdk
  assert_equal "$OUTPUT" "$T/opt/jdk"
}

test_a_run_time_without_a_compiler_is_no_jdk() {
  load
  given_jdk "$T/jvm/jre" 25
  rm "$T/jvm/jre/bin/javac"
  run find_jdk
  assert_status 1
}

test_version_250_is_not_25() {
  load
  given_jdk "$T/jvm/far" 250.0.1
  run find_jdk
  assert_status 1
}

test_a_jdk_without_release_file_is_asked_for_its_version() {
  load
  given_jdk "$T/jvm/plain" 25
  rm "$T/jvm/plain/release"
  printf '#!/usr/bin/env bash\necho "openjdk version \\"25.0.1\\" 2025-10-21" >&2\n' >"$T/jvm/plain/bin/java"
  run find_jdk
  assert_equal "$OUTPUT" "$T/jvm/plain"
}

test_without_a_jdk_the_error_says_what_to_install() {
  given_tree
  run "$T/tree/skep" status
  assert_status 1
  assert_output "Skep needs a JDK 25"
  assert_output "apt-get install openjdk-25-jdk-headless"
  assert_output "$T/jvm"
}

test_a_real_jdk_makes_a_start_up_cache_under_our_flags() {
  load
  SKEP_JVM_DIR=${REAL_JVM_DIR:-/usr/lib/jvm} JAVA_HOME=$REAL_JAVA_HOME require_jdk
  run "$SKEP_JDK/bin/java" "${SKEP_JAVA_FLAGS[@]}" -XX:AOTCacheOutput="$T/cli.aot" -version
  assert_status 0
  [[ -s $T/cli.aot ]] || flunk "no cache was made: $OUTPUT"
}
