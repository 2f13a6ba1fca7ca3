#!/bin/sh
# The official image's entry point adds certificates of /certificates to Java's own where USE_SYSTEM_CA_CERTS asks for
# it. Nothing here does, so this one only says so instead of leaving it out without a word.
set -e
if [ -n "${USE_SYSTEM_CA_CERTS:-}" ]; then
  echo "USE_SYSTEM_CA_CERTS is not supported by this image, which was built without a registry." >&2
  exit 1
fi
exec "$@"
