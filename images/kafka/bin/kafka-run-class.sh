#!/usr/bin/env bash
# kafka-run-class.sh CLASS ARGUMENT...: with the options of the environment, in the order of Kafka's own script.
set -euo pipefail
base=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
logs=${LOG_DIR:-$base/logs}
logging=${KAFKA_LOG4J_OPTS:--Dlog4j2.configurationFile=$base/config/tools-log4j2.yaml}
cache=()
# An unusable one (another collector's, say) is ignored, and without a word.
[[ ! -e $base/kafka.aot ]] || cache=(-XX:AOTCache="$base/kafka.aot" -Xlog:aot=off -Xlog:cds=off)
# Several words each, by design.
# shellcheck disable=SC2086
exec "${JAVA_HOME:?}/bin/java" "${cache[@]}" ${KAFKA_HEAP_OPTS:--Xmx256M} ${KAFKA_JVM_PERFORMANCE_OPTS-} ${KAFKA_GC_LOG_OPTS-} \
  ${KAFKA_JMX_OPTS-} --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Dkafka.logs.dir="$logs" $logging \
  -cp "${CLASSPATH:+$CLASSPATH:}$base/libs/*" ${KAFKA_OPTS-} "$@"
