#!/usr/bin/env bash
# kafka-storage.sh ARGUMENT...: looks at the storage and formats it.
exec "$(dirname "${BASH_SOURCE[0]}")/kafka-run-class.sh" kafka.tools.StorageTool "$@"
