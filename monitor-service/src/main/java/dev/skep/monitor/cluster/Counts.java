package dev.skep.monitor.cluster;

import java.util.EnumMap;

/** A number per constant; 0 where nothing was counted. Not safe for concurrent use. */
final class Counts<E extends Enum<E>> {
  private final EnumMap<E, Long> counts;

  Counts(Class<E> type) {
    this(new EnumMap<>(type));
  }

  private Counts(EnumMap<E, Long> counts) {
    this.counts = counts;
  }

  void add(E constant, long by) {
    counts.merge(constant, by, (a, b) -> a + b == 0 ? null : a + b);
  }

  long of(E constant) {
    return counts.getOrDefault(constant, 0L);
  }

  long sum() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  Counts<E> copy() {
    return new Counts<>(counts.clone());
  }
}
