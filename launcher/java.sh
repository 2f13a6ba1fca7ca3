# shellcheck shell=bash
# Finds a JDK 25 and runs the command line with it.

SKEP_JVM_DIR=${SKEP_JVM_DIR:-/usr/lib/jvm}

# is_jdk25 DIR: a JDK (with a compiler) of version 25. Its release file is read: starting Java costs 40 ms and more.
is_jdk25() {
  [[ -x $1/bin/java && -x $1/bin/javac ]] || return 1
  local line
  if [[ -r $1/release ]]; then
    while IFS= read -r line; do
      case $line in JAVA_VERSION=\"25 | JAVA_VERSION=\"25\" | JAVA_VERSION=\"25[.+-]*) return 0 ;; esac
    done <"$1/release"
    return 1
  fi
  line=$("$1/bin/java" -version 2>&1) && [[ $line =~ version\ \"25[\".+-] ]]
}

# find_jdk: prints the home of the first JDK 25 of JAVA_HOME, PATH and /usr/lib/jvm.
find_jdk() {
  local candidates=() dir path
  [[ -z ${JAVA_HOME:-} ]] || candidates+=("$JAVA_HOME")
  if path=$(command -v javac 2>/dev/null); then
    path=$(readlink -f "$path")
    candidates+=("${path%/bin/javac}")
  fi
  for dir in "$SKEP_JVM_DIR"/*; do candidates+=("$dir"); done
  for dir in "${candidates[@]}"; do
    if is_jdk25 "$dir"; then
      printf '%s' "$dir"
      return 0
    fi
  done
  return 1
}

require_jdk() {
  SKEP_JDK=$(find_jdk) && return 0
  fail "Skep needs a JDK 25; none is in JAVA_HOME, on PATH or under $SKEP_JVM_DIR." \
    "Debian 13 and later: apt-get install openjdk-25-jdk-headless" \
    "Elsewhere: unpack a build of OpenJDK 25 (Eclipse Temurin is one) under $SKEP_JVM_DIR, or set JAVA_HOME to it."
}

# Quick to start rather than quick in the long run: a command lives for a second.
SKEP_JAVA_FLAGS=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)

# java_command: fills JAVA_COMMAND with all of the command line but its arguments; exports what the Java side reads.
java_command() {
  require_jdk
  build_if_changed
  local dist
  dist=$(dist_dir)
  export SKEP_JAVA=$SKEP_JDK/bin/java
  local cache=()
  # An unusable one (another JDK's, say) is ignored, and without a word.
  [[ ! -e $dist/cli.aot ]] || cache=(-XX:AOTCache="$dist/cli.aot" -Xlog:aot=off -Xlog:cds=off)
  JAVA_COMMAND=("$SKEP_JAVA" "${SKEP_JAVA_FLAGS[@]}" "${cache[@]}" -cp "$dist/lib/*" dev.skep.cli.Main)
}

# train_cli DIST: keeps what a typical command loads in a cache, which saves later ones a third of their time. It takes
# some seconds, so nobody waits for it; without it everything works the same.
train_cli() {
  [[ ${SKEP_AOT:-yes} == yes ]] || return 0
  # shellcheck disable=SC2016 # expanded by the shell that is started
  setsid bash -c 'out=$1; shift
    nice "$@" && mv "$out.new" "$out" || rm -f "$out.new"' train "$1/cli.aot" \
    "$SKEP_JDK/bin/java" "${SKEP_JAVA_FLAGS[@]}" -XX:AOTCacheOutput="$1/cli.aot.new" -cp "$1/lib/*" \
    dev.skep.cli.Main train "$SKEP_HOME/launcher/train.yml" </dev/null >/dev/null 2>&1 &
}

run_cli() {
  java_command
  exec "${JAVA_COMMAND[@]}" "$@"
}
