# shellcheck shell=bash
# What the tests share. T is the test's own directory; PATH holds only T/bin (fakes) and the plain tools.
ROOT=$(cd "$here/../.." && pwd)
PLAIN_TOOLS="awk bash cat chmod cp cut date dirname env find flock grep head id kill ln mkdir mktemp mv nice ps readlink
  rm sed setsid sha256sum shellcheck sleep sort tail tee timeout touch tr uniq wc xargs"

isolate() {
  REAL_JVM_DIR=${SKEP_JVM_DIR:-} REAL_JAVA_HOME=${JAVA_HOME:-}
  local tool
  mkdir -p "$T/bin" "$T/plain" "$T/jvm" "$T/state"
  for tool in $PLAIN_TOOLS; do ln -s "$(type -P "$tool" || echo /nowhere)" "$T/plain/$tool"; done
  export PATH=$T/bin:$T/plain HOME=$T SKEP_JVM_DIR=$T/jvm SKEP_STATE_DIR=$T/state SKEP_ENGINE_PID_FILE=$T/docker.pid SKEP_AOT=no
  unset JAVA_HOME DOCKER_HOST SKEP_ENGINE_HOST SKEP_DEBIAN_MIRROR
}

kill_started() { [[ -z ${STARTED:-} ]] || kill "$STARTED" 2>/dev/null || true; }

# given_command NAME BODY: a fake program first on the PATH; its calls are noted in T/calls.
given_command() {
  printf '#!/usr/bin/env bash\necho "%s $*" >>"%s/calls"\n%s\n' "$1" "$T" "$2" >"$T/bin/$1"
  chmod +x "$T/bin/$1"
}

# given_jdk DIR VERSION: enough of a JDK to be found; its java prints what it was called with.
given_jdk() {
  mkdir -p "$1/bin"
  printf 'IMPLEMENTOR="Test"\nJAVA_VERSION="%s"\n' "$2" >"$1/release"
  printf '#!/usr/bin/env bash\nprintf "java %%s\\n" "${@: -2}"\n' >"$1/bin/java"
  printf '#!/usr/bin/env bash\n' >"$1/bin/javac"
  chmod +x "$1/bin/java" "$1/bin/javac"
}

# given_tree: a small source tree with this launcher in it; its Maven makes what the real one makes.
given_tree() {
  mkdir -p "$T/tree/.mvn" "$T/tree/cli/src/main/java"
  cp -r "$ROOT/skep" "$ROOT/launcher" "$ROOT/images" "$T/tree/"
  touch "$T/tree/pom.xml" "$T/tree/cli/pom.xml" "$T/tree/cli/src/main/java/Main.java"
  given_command mvn 'mkdir -p cli/target/lib && touch cli/target/skep-cli-1.jar cli/target/lib/a.jar'
}

# load: the functions of the launcher, in this process.
load() {
  # shellcheck source=/dev/null
  . "$ROOT/skep"
}

# run COMMAND...: keeps STATUS and OUTPUT (both streams). In a subshell: a failing command may end its process.
run() {
  STATUS=0
  OUTPUT=$("$@" 2>&1) || STATUS=$?
}

# await COMMAND...: until it succeeds, at most 20 s.
await() {
  local end=$((SECONDS + 20))
  until "$@"; do
    ((SECONDS < end)) || flunk "still not after 20 s: $*"
    sleep 0.05
  done
}

calls() {
  touch "$T/calls"
  grep -c "^$1" "$T/calls" || true
}

assert_status() { [[ $STATUS -eq $1 ]] || flunk "exit status $STATUS, wanted $1; output: $OUTPUT"; }
assert_output() { [[ $OUTPUT == *"$1"* ]] || flunk "output lacks \"$1\": $OUTPUT"; }
assert_no_output() { [[ $OUTPUT != *"$1"* ]] || flunk "output must not hold \"$1\": $OUTPUT"; }
assert_equal() { [[ $1 == "$2" ]] || flunk "\"$1\", wanted \"$2\""; }

flunk() {
  echo "$1" >&2
  exit 1
}
