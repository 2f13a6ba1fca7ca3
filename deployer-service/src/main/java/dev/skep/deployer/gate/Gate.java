package dev.skep.deployer.gate;

import dev.skep.deployer.compose.Dependency.Condition;
import dev.skep.deployer.task.TaskRow;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Judges services over time: a task that runs may still crash, and Swarm forgets tasks that did.
 * The time is passed in; nothing is read or waited for. Not thread-safe.
 */
public final class Gate {
  /** A task that fails so often in one place will fail again. */
  static final int MOST_FAILURES = 3;

  /** Swarm begins an update, and makes the tasks of a new service, within milliseconds. */
  static final Duration BEGINS_WITHIN = Duration.ofSeconds(5);

  /** The Engine's own, for how long it watches a task that it has replaced. */
  public static final Duration MONITOR = Duration.ofSeconds(5);

  /** What was seen of a service so far. */
  private static final class Seen {
    /** Whether this deployment has changed it. */
    private boolean changed;

    /** Whether it has, or may have, new tasks, which are to stay as they should be for a while. */
    private boolean watched;

    private Instant first;
    private Instant stableSince;
    private Instant gaveUpSince;
    private final Map<String, Set<String>> failures = new HashMap<>();
  }

  private final Map<String, Seen> services = new HashMap<>();

  /**
   * A service is made or changed: what was seen of it before says nothing any more.
   *
   * @param replaced whether it gets new tasks
   */
  public void begun(String service, boolean replaced) {
    Seen seen = new Seen();
    seen.changed = true;
    seen.watched = replaced;
    services.put(service, seen);
  }

  /** A service was changed by an attempt before this one, of which nothing else is known. */
  public void resumed(String service) {
    services.computeIfAbsent(service, s -> new Seen()).watched = true;
  }

  /**
   * What is to be thought of a service now.
   *
   * @param standing as it was read just now
   * @param monitor for how long its tasks are to stay as they should be
   */
  public Verdict judge(Standing standing, Duration monitor, Instant now) {
    Seen seen = services.computeIfAbsent(standing.service(), s -> new Seen());
    seen.first = seen.first == null ? now : seen.first;
    switch (standing.update().state()) {
      case PAUSED -> {
        return failed(standing, "Swarm paused its update");
      }
      case ROLLED_BACK -> {
        if (seen.changed) {
          return failed(standing, "Swarm took its update back");
        }
      }
      case NONE, GUARDED, UNGUARDED, ROLLING_BACK, COMPLETED -> {}
    }
    String crashing = crashing(standing, seen);
    if (!crashing.isEmpty() && !decidedBySwarm(standing)) {
      return new Verdict.Failed(standing, crashing);
    }
    seen.gaveUpSince = since(standing.gaveUp(), seen.gaveUpSince, now);
    if (passed(seen.gaveUpSince, BEGINS_WITHIN, now)) {
      return new Verdict.Failed(
          standing, "a task has failed, and its restart_policy starts no other");
    }
    boolean stable = standing.stable() && !young(standing, seen, now);
    if (!stable) {
      // Whatever the reason is, its tasks are on the move.
      seen.watched = true;
    }
    seen.stableSince = since(stable, seen.stableSince, now);
    return passed(seen.stableSince, window(standing, seen, monitor), now)
        ? new Verdict.Settled(standing)
        : new Verdict.Waiting(standing);
  }

  /**
   * Whether what depends on a service may begin.
   *
   * @param verdict on that service, of just now
   */
  public boolean meets(Verdict verdict, Condition condition, Instant now) {
    Standing standing = verdict.standing();
    Seen seen = services.get(standing.service());
    // Where nothing tells of its health, that it goes on running is all there is to go by.
    boolean vouched =
        condition != Condition.HEALTHY
            || standing.checked()
            || standing.job()
            || verdict instanceof Verdict.Settled;
    return vouched && standing.meets(condition) && seen != null && !young(standing, seen, now);
  }

  /** Whether a service has no tasks because none could have been made yet. */
  private static boolean young(Standing standing, Seen seen, Instant now) {
    return standing.empty() && !passed(seen.first, BEGINS_WITHIN, now);
  }

  private static Duration window(Standing standing, Seen seen, Duration monitor) {
    boolean nothing = standing.job() || standing.wanted() == 0;
    if (nothing || !seen.watched) {
      return Duration.ZERO;
    }
    return switch (standing.update().state()) {
      // Swarm has watched the new tasks itself before it says so.
      case COMPLETED -> Duration.ZERO;
      default -> monitor;
    };
  }

  private static Instant since(boolean holds, Instant since, Instant now) {
    if (!holds) {
      return null;
    }
    return since == null ? now : since;
  }

  private static boolean passed(Instant since, Duration time, Instant now) {
    return since != null && !since.plus(time).isAfter(now);
  }

  private static Verdict failed(Standing standing, String what) {
    String words = standing.update().words();
    return new Verdict.Failed(standing, words.isEmpty() ? what : what + ": " + words);
  }

  /** Of the place whose tasks failed too often; "" if there is none. */
  private static String crashing(Standing standing, Seen seen) {
    for (TaskRow row : standing.failed()) {
      Set<String> ids = seen.failures.computeIfAbsent(row.place(), p -> new HashSet<>());
      ids.add(row.id());
      if (ids.size() >= MOST_FAILURES) {
        return "%s has failed %d times".formatted(row.name(), ids.size());
      }
    }
    return "";
  }

  /** While Swarm itself counts failures, it is the one to stop or to take back the update. */
  private static boolean decidedBySwarm(Standing standing) {
    return switch (standing.update().state()) {
      case GUARDED, ROLLING_BACK -> true;
      default -> false;
    };
  }
}
