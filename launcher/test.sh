# shellcheck shell=bash
# test: sets up every real part that the tests need, runs them all, and ends with one line of figures.

skep_test() {
  if has_flag --help "$@" || has_flag -h "$@"; then
    say "usage: ./skep test [--yes] [--only PATTERN]   PATTERN as in Maven's -Dtest, e.g. 'RouteTest' or 'dev.skep.edge.**'"
    return 0
  fi
  local yes=no only status=0 log state making
  has_flag --yes "$@" && yes=yes
  only=$(option_value --only "$@")
  log=$(build_root)/test.log
  state=$(build_root)/state
  require_jdk
  select_engine "$state"
  install_for_tests "$yes"
  making=$(build_root)/in-the-making
  mkdir -p "$(build_root)"
  : >"$making"
  rm -f "$making.engine"
  prepare_tests "$state" "$yes" "$making" &
  local preparation=$!
  trap 'wait "$preparation" || true; say "skep: stopped; the reason stands above"' EXIT
  build_if_changed
  while [[ ! -e $making.engine ]] && kill -0 "$preparation" 2>/dev/null; do sleep 0.2; done
  [[ -e $making.engine ]] || fail "The Engine could not be made ready; the reason stands above."

  step "Running the tests (log: $log)"
  rm -rf "$SKEP_HOME"/*/target/surefire-reports
  # All modules run even when one has failures: the figures at the end decide.
  # Three modules at a time: their tests wait more than they work. Those of cli and e2e depend on all before.
  local arguments=(verify -T 3 -Dskep.test.strict=true -Dmaven.test.failure.ignore=true "-Dskep.test.images-in-the-making=$making")
  [[ -z $only ]] || arguments+=("-Dtest=$only" -Dsurefire.failIfNoSpecifiedTests=false)
  run_maven "$log" "${arguments[@]}" || status=$?
  trap - EXIT
  local prepared=yes
  wait "$preparation" || prepared=no
  report_tests "$status" "$log" || return 1
  [[ $prepared == yes ]] || fail "Images that tests may ask for could not be made; the reason stands above."
}

# prepare_tests STATE YES MAKING: the Engine, told by the file MAKING.engine; then the images that tests ask for. MAKING
# is there as long as some may be missing: the tests that need them wait, and all others run meanwhile.
prepare_tests() {
  local making=$3
  # Written out now: when the trap runs, this function and its variables are gone.
  # shellcheck disable=SC2064
  trap "rm -f $(printf %q "$making")" EXIT
  prepare_engine "$1" "$2"
  : >"$making.engine"
  (ensure_all_images "$2")
}

# The commands that tests ask for by annotation, and those that the launcher's own tests need.
required_commands() {
  {
    grep -rhoE '@RequiresCommand\([^)]*\)' --include='*.java' "$SKEP_HOME"/*/src/test 2>/dev/null | grep -oE '"[^"]+"' | tr -d '"'
    echo shellcheck
  } | sort -u
}

need_test_packages() {
  local command
  {
    need_engine_packages
    for command in mvn $(required_commands); do
      have "$command" || package_of "$command"
    done
  } | sort -u
}

install_for_tests() {
  local yes=$1 packages=()
  mapfile -t packages < <(need_test_packages)
  if ((${#packages[@]})); then
    [[ $yes == yes ]] || fail "The tests need packages that are missing: ${packages[*]}" \
      "Run: apt-get update && apt-get install -y ${packages[*]}" "or let Skep do it: ./skep test --yes"
    apt_install "${packages[@]}"
  fi
  # Debian's Prometheus package starts a server that listens to all the world; only its promtool is wanted.
  if ! have promtool && required_commands | grep -qx promtool; then fetch_tool prometheus; fi
}

# report_tests MAVEN-STATUS LOG: the slowest classes, what failed or was skipped, and the figures on the last line.
report_tests() {
  local maven=$1 log=$2 suites total failed skipped
  suites=$(suite_table)
  if [[ -n $suites ]]; then
    say ""
    say "Slowest test classes:"
    sort -t $'\t' -k 2 -rn <<<"$suites" | awk -F '\t' 'NR <= 10 { printf "  %7.1f s  %s\n", $2, $1 }' >&2
  fi
  read -r total failed skipped < <(awk -F '\t' '{ t += $3; f += $4; s += $5 } END { print t + 0, f + 0, s + 0 }' <<<"$suites")
  if ((skipped)); then
    say ""
    say "Skipped (a part that a test needs is missing):"
    skip_reasons >&2
  fi
  if ((failed || maven)); then
    say ""
    show_build_errors "$log"
    ((maven == 0)) || say "Maven ended with status $maven; the whole log is $log"
  fi
  say ""
  printf '%d passed, %d failed, %d skipped\n' $((total - failed - skipped)) "$failed" "$skipped"
  ((maven == 0 && total > 0 && failed == 0 && skipped == 0))
}

# suite_table: one line a test class from Surefire's reports: name, seconds, tests, failures and errors, skipped.
suite_table() {
  local report
  for report in "$SKEP_HOME"/*/target/surefire-reports/TEST-*.xml; do
    [[ -e $report ]] || continue
    grep -m 1 -o '<testsuite [^>]*>' "$report" | awk '
      function value(name) { return match($0, " " name "=\"[^\"]*\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : "" }
      { time = value("time"); gsub(/,/, "", time)
        printf "%s\t%s\t%d\t%d\t%d\n", value("name"), time, value("tests"), value("failures") + value("errors"), value("skipped") }'
  done
}

skip_reasons() {
  grep -hoE '<skipped message="[^"]*"' "$SKEP_HOME"/*/target/surefire-reports/TEST-*.xml | sed 's/<skipped message="/  /; s/"$//' | sort | uniq -c || true
}
