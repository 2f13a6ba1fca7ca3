# shellcheck shell=bash

# given_report NAME SECONDS TESTS ERRORS SKIPPED FAILURES [BODY]
given_report() {
  mkdir -p "$T/tree/model/target/surefire-reports"
  printf '<?xml version="1.0" encoding="UTF-8"?>\n<testsuite xmlns:xsi="x" version="3.0.2" name="%s" time="%s" tests="%s" errors="%s" skipped="%s" failures="%s">\n%s\n</testsuite>\n' \
    "$1" "$2" "$3" "$4" "$5" "$6" "${7:-}" >"$T/tree/model/target/surefire-reports/TEST-$1.xml"
}

given_reports_of_a_tree() {
  load
  SKEP_HOME=$T/tree
  : >"$T/log"
}

test_the_last_line_is_the_sum_of_all_reports() {
  given_reports_of_a_tree
  given_report a.ATest 1.5 10 0 0 0
  given_report b.BTest 1,200.5 5 0 0 0
  run report_tests 0 "$T/log"
  assert_status 0
  assert_equal "${OUTPUT##*$'\n'}" "15 passed, 0 failed, 0 skipped"
}

test_failures_and_errors_count_as_failed_and_fail_the_run() {
  given_reports_of_a_tree
  given_report a.ATest 1 10 1 0 2
  run report_tests 0 "$T/log"
  assert_status 1
  assert_equal "${OUTPUT##*$'\n'}" "7 passed, 3 failed, 0 skipped"
}

test_a_skip_fails_the_run_and_its_reason_is_shown() {
  given_reports_of_a_tree
  given_report a.ATest 1 2 0 1 0 '<testcase><skipped message="no program pebble"/></testcase>'
  run report_tests 0 "$T/log"
  assert_status 1
  assert_output "no program pebble"
  assert_equal "${OUTPUT##*$'\n'}" "1 passed, 0 failed, 1 skipped"
}

test_a_run_without_tests_fails() {
  given_reports_of_a_tree
  run report_tests 0 "$T/log"
  assert_status 1
  assert_equal "${OUTPUT##*$'\n'}" "0 passed, 0 failed, 0 skipped"
}

test_a_broken_build_fails_the_run_though_all_tests_passed() {
  given_reports_of_a_tree
  given_report a.ATest 1 2 0 0 0
  echo '[ERROR] COMPILATION ERROR' >"$T/log"
  run report_tests 1 "$T/log"
  assert_status 1
  assert_output "COMPILATION ERROR"
}

test_the_slowest_class_stands_first() {
  given_reports_of_a_tree
  given_report a.Quick 1 1 0 0 0
  given_report b.Slow 12.3 1 0 0 0
  run report_tests 0 "$T/log"
  [[ $OUTPUT =~ b\.Slow.*a\.Quick ]] || flunk "$OUTPUT"
}

test_commands_that_tests_require_are_found_in_their_annotations() {
  given_tree
  mkdir -p "$T/tree/cert/src/test/java"
  printf '@RequiresCommand({"pebble", "openssl"})\nclass A {}\n' >"$T/tree/cert/src/test/java/A.java"
  load
  SKEP_HOME=$T/tree
  run required_commands
  assert_equal "$OUTPUT" $'openssl\npebble\nshellcheck'
}

test_each_package_is_asked_for_once_and_docker_is_the_engines() {
  given_tree
  mkdir -p "$T/tree/cli/src/test/java"
  printf '@RequiresCommand("docker") @RequiresCommand({"pebble", "pebble-challtestsrv"})\n' >"$T/tree/cli/src/test/java/A.java"
  given_command apt-cache 'exit 1'
  rm "$T/plain/shellcheck" "$T/bin/mvn"
  load
  SKEP_HOME=$T/tree
  run need_test_packages
  assert_equal "$(grep -v cgroupfs-mount <<<"$OUTPUT")" $'docker.io\nmaven\npebble\nshellcheck'
}

test_mavens_output_becomes_short_lines_of_progress() {
  load
  progress() {
    maven_progress <<'LOG'
[INFO] Building Skep model 0.1.0-SNAPSHOT                                [2/12]
[INFO] noise
[ERROR] Tests run: 4, Failures: 1, Errors: 1, Skipped: 1, Time elapsed: 2.5 s <<< FAILURE! -- in dev.skep.ATest
LOG
  }
  run progress
  assert_output "[2/12] Skep model"
  assert_output "dev.skep.ATest: 4 run, 2 FAILED, 1 skipped (2.5 s)"
  assert_no_output noise
}

test_every_command_that_a_test_requires_has_a_package() {
  load
  local command
  for command in $(required_commands); do
    run package_of "$command"
    assert_status 0
  done
}

test_a_command_without_a_known_package_is_named() {
  load
  run package_of some-unknown-tool
  assert_status 1
  assert_output some-unknown-tool
}

# More lines than a pipe holds: a reader that goes before the end would end the run with the writer's SIGPIPE.
test_the_report_of_a_large_tree_is_whole() {
  given_reports_of_a_tree
  local reports=$T/tree/model/target/surefire-reports i name
  mkdir -p "$reports"
  name=$(printf 'x%.0s' {1..200})
  for ((i = 0; i < 600; i++)); do
    printf '<testsuite name="%s" time="1" tests="1" errors="0" skipped="0" failures="0">\n' "$name.A${i}Test" >"$reports/TEST-$i.xml"
  done
  # In a shell of its own: here, where the outcome is looked at, a failed command would not end it.
  # shellcheck disable=SC2016 # the other shell's own arguments
  run bash -c 'set -euo pipefail; . "$1"; SKEP_HOME=$2; report_tests 0 "$3"' - "$ROOT/skep" "$T/tree" "$T/log"
  assert_status 0
  assert_equal "${OUTPUT##*$'\n'}" "600 passed, 0 failed, 0 skipped"
}

test_images_that_cannot_be_made_are_not_waited_for() {
  load
  prepare_engine() { :; }
  ensure_all_images() { return 1; }
  : >"$T/making"
  run in_the_background prepare_tests "$T/state" yes "$T/making"
  assert_status 1
  [[ ! -e $T/making ]] || flunk "the tests would wait for images that nobody makes"
}

in_the_background() {
  (set -euo pipefail; "$@") &
  wait $!
}
