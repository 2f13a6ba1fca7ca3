# shellcheck shell=bash
# Messages, options and small helpers. Everything for people goes to stderr: stdout belongs to the command.

say() { printf '%s\n' "$*" >&2; }

# step TEXT: one line of progress, with the seconds since the start.
step() { printf '[%3ds] %s\n' "$SECONDS" "$*" >&2; }

# fail WHAT [WHAT-TO-DO...]: ends the process with one clear message.
fail() {
  printf 'skep: %s\n' "$1" >&2
  shift
  local line
  for line in "$@"; do printf '      %s\n' "$line" >&2; done
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# has_flag --yes ARGUMENT...: whether the flag stands among the arguments.
has_flag() {
  local flag=$1 argument
  shift
  for argument in "$@"; do [[ $argument != "$flag" ]] || return 0; done
  return 1
}

# option_value --state-dir ARGUMENT...: prints the value of "--name VALUE" or "--name=VALUE", the last one given.
option_value() {
  local name=$1 value=''
  shift
  while [[ $# -gt 0 ]]; do
    case $1 in
      "$name") value=${2:-} ;;
      "$name"=*) value=${1#*=} ;;
    esac
    shift
  done
  printf '%s' "$value"
}

# Where Skep keeps its data; the command line's defaults are the same.
state_dir() {
  local given
  given=$(option_value --state-dir "$@")
  if [[ -n $given ]]; then
    printf '%s' "$given"
  elif [[ -n ${SKEP_STATE_DIR:-} ]]; then
    printf '%s' "$SKEP_STATE_DIR"
  elif [[ $EUID -eq 0 ]]; then
    printf '/var/lib/skep'
  else
    printf '%s' "${XDG_STATE_HOME:-${HOME:?}/.local/state}/skep"
  fi
}

# process_fields PID: fills FIELDS with what the kernel says of a living process, from its state on. A zombie counts as
# dead: its entry stays until somebody asks for its status, in a container without an init for good.
process_fields() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  # The command's name may hold blanks and brackets: count from the last bracket.
  read -ra FIELDS <<<"${stat##*) }"
  [[ ${FIELDS[0]} != [ZX] ]]
}

is_alive() { process_fields "$1"; }

# process_start PID: when the kernel started it, in clock ticks since boot. With the pid it names one process for good.
process_start() { process_fields "$1" && printf '%s' "${FIELDS[19]}"; }

process_name() { is_alive "$1" && cat "/proc/$1/comm" 2>/dev/null; }
