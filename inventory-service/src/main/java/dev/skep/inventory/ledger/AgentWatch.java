package dev.skep.inventory.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which node agents are heard. An agent counts from its first beat; it is silent when it missed
 * three, and forgotten when it said goodbye, so that its update takes no task out of service.
 *
 * <p>Silence is judged only against time in which a beat could have been heard: up to the broker's
 * last sign of life, for whoever stops hearing everybody hears of the broker's end last. After a
 * pause of this process, a jump of its clock, or while the broker is away, the count starts anew.
 */
final class AgentWatch {
  /** Beats come once a second; half a second for their way. */
  static final Duration SILENT_AFTER = Duration.ofMillis(3500);

  /** Checks come several times a second: a longer gap means that this process was held up. */
  private static final Duration HELD_UP = Duration.ofSeconds(2);

  private final Map<String, Instant> heard = new HashMap<>();
  private final Set<String> silent = new HashSet<>();
  private Instant lastCheck = Instant.MIN;

  /**
   * An agent of which the process before knew; it has until {@code from} plus the limit.
   *
   * @param wasSilent whether it was missed already: then it is until it is heard
   */
  void expect(String node, boolean wasSilent, Instant from) {
    heard.put(node, from);
    if (wasSilent) {
      silent.add(node);
    }
  }

  /** Whether the node's agent reports; null where it never has. */
  Boolean seen(String node) {
    return heard.containsKey(node) ? Boolean.valueOf(!silent.contains(node)) : null;
  }

  /** A beat; returns whether {@link #seen} changed. */
  boolean beat(String node, Instant now) {
    boolean first = heard.put(node, now) == null;
    return silent.remove(node) || first;
  }

  /** A goodbye, or the node's removal; returns whether {@link #seen} changed. */
  boolean forget(String node) {
    silent.remove(node);
    return heard.remove(node) != null;
  }

  /**
   * Looks for agents that have fallen silent since the last call.
   *
   * @param heardUntil when beats could be heard last for certain; null while none can arrive
   */
  Set<String> check(Instant now, Instant heardUntil) {
    boolean heldUp =
        !lastCheck.equals(Instant.MIN)
            && Duration.between(lastCheck, now).abs().compareTo(HELD_UP) > 0;
    lastCheck = now;
    if (heldUp || heardUntil == null) {
      heard.replaceAll((node, at) -> at.isAfter(now) && !heldUp ? at : now);
      return Set.of();
    }
    Set<String> fallen = new HashSet<>();
    heard.forEach(
        (node, at) -> {
          if (Duration.between(at, heardUntil).compareTo(SILENT_AFTER) > 0 && silent.add(node)) {
            fallen.add(node);
          }
        });
    return fallen;
  }
}
