# shellcheck shell=bash
# Builds once, and again only when a source changed.
#
# Each build is kept under .build/<fingerprint>/lib, apart from Maven's target directories: a running Skep keeps its
# jar files while a later command builds new ones. .build/current names the newest.

build_root() { printf '%s/.build' "$SKEP_HOME"; }
dist_dir() { readlink -f "$(build_root)/current"; }

# source_fingerprint: one word that changes when a source file is added, removed or written. Names, sizes and times
# only: reading the files would cost more than starting Java.
source_fingerprint() {
  (
    cd "$SKEP_HOME" || exit 1
    find pom.xml .mvn ./*/pom.xml ./*/src/main -type f -printf '%p %s %T@\n' 2>/dev/null | LC_ALL=C sort | sha256sum | cut -c1-16
  )
}

# is_built FINGERPRINT
is_built() { [[ -e $(build_root)/$1/complete ]]; }

build_if_changed() {
  local print root built=no
  root=$(build_root)
  print=$(source_fingerprint)
  if is_built "$print"; then
    use_dist "$print"
    return 0
  fi
  require_jdk
  require_maven
  mkdir -p "$root"
  local lock
  exec {lock}>"$root/lock"
  if ! flock -n "$lock"; then
    step "Another start is building; waiting for it"
    flock "$lock"
  fi
  # It may have built just this.
  print=$(source_fingerprint)
  if ! is_built "$print"; then
    run_build "$print"
    drop_old_dists "$print"
    built=yes
  fi
  use_dist "$print"
  exec {lock}>&-
  # Without the lock, which it would go on holding.
  if [[ $built == yes ]]; then train_cli "$root/$print"; fi
}

# use_dist FINGERPRINT: makes it the current one, atomically.
use_dist() {
  local root
  root=$(build_root)
  [[ $(readlink "$root/current" 2>/dev/null || true) == "$1" ]] && return 0
  ln -sfn "$1" "$root/current.$$" && mv -T "$root/current.$$" "$root/current"
}

require_maven() {
  have mvn || fail "Maven is not installed; it builds Skep." "Run: apt-get install -y maven   (./skep up --yes does it for you)"
}

run_build() {
  local print=$1 root log dist started=$SECONDS
  root=$(build_root)
  log=$root/build.log
  dist=$root/$print
  step "Building Skep with ${SKEP_JDK} (only after changes; log: $log)"
  if ! run_maven "$log" package -T 2 -pl cli -am -Dmaven.test.skip=true -Dspotless.check.skip=true; then
    show_build_errors "$log"
    fail "The build failed; its whole log is $log"
  fi
  rm -rf "$dist"
  mkdir -p "$dist"
  cp -r "$SKEP_HOME/cli/target/lib" "$dist/lib"
  cp "$SKEP_HOME"/cli/target/skep-cli-*.jar "$dist/lib/"
  modernize "$dist"
  touch "$dist/complete"
  step "Built in $((SECONDS - started)) s"
}

# modernize DIST: a start-up cache leaves out classes of Java 5, which picocli's are: they are given the version of today.
# Without it everything works the same, a tenth of a second later.
modernize() {
  local source=$SKEP_HOME/images/skep/train/Modernize.java place=$1/modernize
  [[ ${SKEP_AOT:-yes} == yes && -e $source ]] || return 0
  # Java wants a source file where its package is.
  mkdir -p "$place/dev/skep/images/train"
  cp "$source" "$place/dev/skep/images/train/"
  "$SKEP_JDK/bin/java" "${SKEP_JAVA_FLAGS[@]}" "$place/dev/skep/images/train/Modernize.java" \
    "$1"/lib/picocli-*.jar >/dev/null 2>&1 || true
  rm -rf "$place"
}

# run_maven LOG ARGUMENT...: Maven on the JDK that was found, whatever the machine's default is; short lines of progress.
run_maven() {
  local log=$1
  shift
  (
    cd "$SKEP_HOME" || exit 1
    export JAVA_HOME=$SKEP_JDK MAVEN_OPTS="-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx1g ${MAVEN_OPTS:-}"
    mvn -B -Dstyle.color=never "$@" </dev/null 2>&1 | tee "$log" | maven_progress >&2
    exit "${PIPESTATUS[0]}"
  )
}

# Maven's output, cut down to what a waiting person wants to see. (Not awk: Debian's reads pipes in blocks.)
maven_progress() {
  local line files=0
  local tests='Tests run: ([0-9]+), Failures: ([0-9]+), Errors: ([0-9]+), Skipped: ([0-9]+), Time elapsed: ([0-9.,]+) s .*-- in (.*)'
  while IFS= read -r line; do
    if [[ $line == *'Downloaded from '* ]]; then
      files=$((files + 1))
      ((files % 100)) || step "  $files files downloaded"
    elif [[ $line =~ ^\[INFO\]\ Building\ (.*)\ [^\ ]+\ +(\[[0-9]+/[0-9]+\])$ ]]; then
      step "  ${BASH_REMATCH[2]} ${BASH_REMATCH[1]}"
    elif [[ $line =~ $tests ]]; then
      local bad=$((BASH_REMATCH[2] + BASH_REMATCH[3])) note=''
      ((bad == 0)) || note+=", $bad FAILED"
      ((BASH_REMATCH[4] == 0)) || note+=", ${BASH_REMATCH[4]} skipped"
      step "    ${BASH_REMATCH[6]}: ${BASH_REMATCH[1]} run$note (${BASH_REMATCH[5]} s)"
    fi
  done
}

show_build_errors() {
  grep -E '^\[ERROR\]|^Error' "$1" | grep -vE 'To see the full stack|Re-run Maven|For more information|\[Help 1\]|^\[ERROR\] *$' |
    awk '!seen[$0]++' | head -n 25 >&2 || true
}

# Keeps what a process still runs from.
drop_old_dists() {
  local keep=$1 dir
  for dir in "$(build_root)"/*/; do
    dir=${dir%/}
    [[ ${dir##*/} != "$keep" && -e $dir/complete ]] || continue
    grep -qsF "$dir/" /proc/[0-9]*/cmdline || rm -rf "$dir"
  done
}
