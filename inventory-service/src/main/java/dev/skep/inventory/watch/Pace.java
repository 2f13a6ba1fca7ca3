package dev.skep.inventory.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How often the tasks of changing services are read. Swarm sends no event when it decides a task's
 * end, about 1.1 s before its SIGTERM: it is seen only by who reads in that time.
 *
 * <ul>
 *   <li>A key that was marked is due every {@link #FAST}.
 *   <li>Without progress for {@link #PATIENCE} it is due every {@link #SLOW}, and again fast once
 *       there is progress.
 *   <li>It is let go when it has settled and stayed so for {@link #LINGER}, as Swarm's own steps
 *       follow an event by some 60 ms; and without progress for {@link #GIVE_UP}, as the full
 *       reading finds it then.
 * </ul>
 *
 * <p>Budget: one reading at a time, of at most {@link #BATCH} keys, and after each at least as long
 * a pause as it took. Pure; for one thread.
 */
final class Pace {
  static final Duration FAST = Duration.ofMillis(50);
  static final Duration SLOW = Duration.ofSeconds(1);
  static final Duration PATIENCE = Duration.ofSeconds(5);
  static final Duration LINGER = Duration.ofSeconds(2);
  static final Duration GIVE_UP = Duration.ofMinutes(1);
  static final int BATCH = 200;

  private static final class Hot {
    Instant progress;
    Instant next;
  }

  private final Map<String, Hot> hot = new HashMap<>();
  private Instant pause = Instant.MIN;

  /** A key changes, or is about to. */
  void mark(String key, Instant now) {
    Hot h = hot.computeIfAbsent(key, k -> new Hot());
    h.progress = now;
    h.next = now;
  }

  /** A reading is over. */
  void read(
      Set<String> keys, Set<String> progressed, Set<String> settled, Instant began, Instant now) {
    pause = now.plus(Duration.between(began, now).abs());
    for (String key : keys) {
      Hot h = hot.get(key);
      if (h == null) {
        continue;
      }
      if (progressed.contains(key)) {
        h.progress = now;
      }
      Duration idle = Duration.between(h.progress, now);
      boolean done = settled.contains(key) && idle.compareTo(LINGER) >= 0;
      if (done || idle.compareTo(GIVE_UP) >= 0) {
        hot.remove(key);
      } else if (h.next.compareTo(began) <= 0) {
        h.next = began.plus(idle.compareTo(PATIENCE) < 0 ? FAST : SLOW);
      }
    }
  }

  /** The keys that are due, those that have waited longest first. */
  List<String> due(Instant now) {
    if (now.isBefore(pause)) {
      return List.of();
    }
    List<String> due = new ArrayList<>();
    hot.forEach(
        (key, h) -> {
          if (!h.next.isAfter(now)) {
            due.add(key);
          }
        });
    due.sort((a, b) -> hot.get(a).next.compareTo(hot.get(b).next));
    return due.size() > BATCH ? due.subList(0, BATCH) : due;
  }

  /** When {@link #due} may next have something; null if nothing is hot. */
  Instant next() {
    Instant first = null;
    for (Hot h : hot.values()) {
      first = first == null || h.next.isBefore(first) ? h.next : first;
    }
    return first == null || first.isAfter(pause) ? first : pause;
  }

  int size() {
    return hot.size();
  }
}
