package dev.skep.monitor.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts failed attempts per address, in a sliding window. Safe for concurrent use. */
final class Throttle {
  /** Beyond this many addresses the oldest is forgotten: memory is bounded. */
  private static final int MAX_ADDRESSES = 10_000;

  private final Clock clock;
  private final int max;
  private final Duration window;
  private final Map<String, Deque<Instant>> failures = new LinkedHashMap<>();

  Throttle(Clock clock, int max, Duration window) {
    this.clock = clock;
    this.max = max;
    this.window = window;
  }

  synchronized boolean allows(String address) {
    Deque<Instant> recent = failures.get(address);
    if (recent == null) {
      return true;
    }
    Instant since = clock.instant().minus(window);
    while (!recent.isEmpty() && recent.peekFirst().isBefore(since)) {
      recent.removeFirst();
    }
    return recent.size() < max;
  }

  synchronized void failed(String address) {
    if (failures.size() >= MAX_ADDRESSES && !failures.containsKey(address)) {
      failures.remove(failures.keySet().iterator().next());
    }
    failures.computeIfAbsent(address, a -> new ArrayDeque<>()).addLast(clock.instant());
  }
}
