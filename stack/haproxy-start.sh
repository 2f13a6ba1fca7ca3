#!/bin/sh
# haproxy-start.sh: runs HAProxy on an edge, from what the edge agent left in the directory that they share.
# haproxy-start.sh health: the container's health check; ends with 0 if HAProxy serves what there is to serve.
#
# It starts with haproxy.cfg if no file is damaged and HAProxy accepts it, else with the agent's last good copy, else
# with the bootstrap configuration, and needs nobody for it. On SIGTERM or SIGUSR1 the floating address goes first (run/draining tells
# keepalived), then connections may end, then HAProxy stops.
#
# SKEP_EDGE_DIR        the shared directory
# SKEP_DRAIN           seconds for the address to move before the ports close
# SKEP_STOP_LIMIT      seconds for connections to end after that; with SKEP_DRAIN below the service's stop_grace_period
# SKEP_EDGE_BIND, SKEP_EDGE_HTTP_PORT   where the bootstrap configuration listens; as set for the agent
set -eu
umask 077

SKEP_EDGE_DIR=${SKEP_EDGE_DIR:-/var/lib/skep-edge}
SKEP_EDGE_BIND=${SKEP_EDGE_BIND:-}
SKEP_EDGE_HTTP_PORT=${SKEP_EDGE_HTTP_PORT:-80}
export SKEP_EDGE_DIR SKEP_EDGE_BIND SKEP_EDGE_HTTP_PORT

dir=$SKEP_EDGE_DIR
config=$dir/haproxy.cfg
bootstrap=$(dirname "$0")/haproxy-bootstrap.cfg
drain=${SKEP_DRAIN:-2}
limit=${SKEP_STOP_LIMIT:-20}
child=''

say() { printf 'haproxy-start: %s\n' "$*" >&2; }

# The image has neither curl nor socat; Perl's base is in every Debian. Any HTTP answer will do where there has never been
# a good configuration: the bootstrap's 503 is no reason to start HAProxy anew. Where there is one, a HAProxy that does
# not serve it is not well: an update to it must not go on to the next edge.
health() {
  # shellcheck disable=SC2016 # Perl's variables
  exec perl -MSocket -e '
    alarm 2;
    my $s;
    socket($s, PF_UNIX, SOCK_STREAM, 0) && connect($s, pack_sockaddr_un($ARGV[0])) or die "$ARGV[0]: $!\n";
    syswrite($s, "GET / HTTP/1.0\r\n\r\n");
    my $line = <$s> // "";
    $line =~ s/\s+$//;
    print "$line\n";
    exit(1) unless $line =~ m{^HTTP/1\.[01] ([0-9]+)};
    exit($1 != 503 || ! -e $ARGV[1] ? 0 : 1);
  ' "$dir/run/health.sock" "$dir/last-good/haproxy.cfg"
}

# The volume's owner is set when the agent's container first mounts it.
wait_for_directory() {
  tries=0
  until [ -d "$dir" ] && [ -w "$dir" ]; do
    [ $((tries % 50)) -ne 0 ] || say "$dir is not writable by uid $(id -u) yet: waiting for the edge agent to be there"
    tries=$((tries + 1))
    sleep 0.2
  done
  mkdir -p "$dir/run"
}

# passes FILE: whether HAProxy would start with it; says why not.
passes() {
  words=$(haproxy -c -f "$1" 2>&1) && return 0
  say "$1 cannot be used: $(printf '%s\n' "$words" | grep -F '[ALERT]' | head -n 3 | tr '\n' ' ')"
  return 1
}

# intact DIRECTORY: whether its files are what the agent wrote there; where it left no checksums, HAProxy alone decides.
intact() {
  [ -e "$1/checksums" ] || return 0
  words=$(cd "$1" && sha256sum --check --quiet checksums 2>&1) && return 0
  say "damaged in $1: $(printf '%s\n' "$words" | head -n 3 | tr '\n' ' ')"
  return 1
}

# put FROM TO: a file that is there whole or not at all.
put() {
  cp -p "$1" "$2.tmp" && mv -f "$2.tmp" "$2" && return 0
  rm -f "$2.tmp"
  return 1
}

# Puts the agent's copy of what HAProxy accepted last in place of what it does not accept now.
restore() {
  if [ ! -e "$dir/last-good/haproxy.cfg" ] || ! intact "$dir/last-good"; then return 1; fi
  say "taking the last good configuration"
  mkdir -p "$dir/certs" "$dir/maps"
  files=$(cd "$dir/last-good" && find . -type f) || return 1
  for file in $files; do
    put "$dir/last-good/$file" "$dir/$file" || return 1
  done
}

# In haproxy.cfg's place, because a reload reads what the start did: so the agent can take over.
take_bootstrap() {
  [ ! -e "$config" ] || mv -f "$config" "$dir/run/refused.cfg" || :
  rm -f "$dir/checksums" || :
  if put "$bootstrap" "$config"; then
    say "no routes are known: answering 503 until the edge agent brings them"
  else
    say "$dir cannot be written (is the disk full?): answering 503, and to be restarted once it can"
    config=$bootstrap
  fi
}

# Put there when nothing better could be used: that may have changed, as with another HAProxy. By its description, which
# all versions of it share.
is_bootstrap() { grep -q '^ *description "skep bootstrap"$' "$config" 2>/dev/null; }

choose() {
  if [ -e "$dir/last-good/haproxy.cfg" ] && is_bootstrap; then
    say "$config is the bootstrap's: trying the last good configuration again"
  elif [ -e "$config" ]; then
    intact "$dir" && passes "$config" && return
  else
    say "$config is not there"
  fi
  restore || say "there is no last good configuration"
  if [ ! -e "$config" ] || ! passes "$config"; then take_bootstrap; fi
}

# shellcheck disable=SC2317 # called by the trap
stop() {
  # A second signal only wakes the waiting.
  trap : TERM USR1 INT
  touch "$dir/run/draining" || :
  if [ -n "$child" ]; then
    say "draining for $drain s, then stopping"
    sleep "$drain" || :
    kill -USR1 "$child" 2>/dev/null || :
    (sleep "$limit" && say "connections are still open after $limit s: cutting them" && kill -TERM "$child") &
    await_end
  fi
  exit 0
}

# Until HAProxy has ended, whatever signals come; its status is left in "status".
await_end() {
  status=0
  while kill -0 "$child" 2>/dev/null; do
    status=0
    wait "$child" || status=$?
  done
}

[ "${1:-}" != health ] || health
trap stop TERM USR1 INT
wait_for_directory
choose
rm -f "$dir/run/draining"
haproxy -W -db -S "$dir/run/master.sock" -f "$config" &
child=$!
await_end
say "HAProxy ended by itself with $status"
exit "$status"
