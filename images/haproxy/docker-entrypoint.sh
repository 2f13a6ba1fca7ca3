#!/bin/sh
# The calling convention of the official image: options alone mean haproxy, and haproxy runs master-worker in front.
set -e
case "${1:-}" in
  -*) set -- haproxy "$@" ;;
esac
if [ "${1:-}" = haproxy ]; then
  shift
  set -- haproxy -W -db "$@"
fi
exec "$@"
