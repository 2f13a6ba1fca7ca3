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
 * last sign of life, for whoever stops hearing everybody hears of the broker's end last. When
 * nobody is heard, the broker is away or this process was held up, the count starts anew, and all
 * have some time to find the broker again: clients wait between their tries, and each of them
 * differently.
 *
 * <p>Of an agent that is the only one left nobody can tell whether it is silent or its broker: it
 * is waited for longer.
 */
final class AgentWatch {
  /** Beats come once a second; half a second for their way. */
  static final Duration SILENT_AFTER = Duration.ofMillis(3500);

  /** Checks come several times a second: a longer gap means that this process was held up. */
  private static final Duration HELD_UP = Duration.ofSeconds(2);

  /** Beats come once a second from each of several: none at all in this time is no chance. */
  private static final Duration NOBODY = Duration.ofSeconds(2);

  /** What clients take at most until they have found a broker that is back. */
  static final Duration REJOIN = Duration.ofSeconds(10);

  /** For the only one that is left. */
  static final Duration ALONE_SILENT_AFTER = Duration.ofSeconds(15);

  private final Map<String, Instant> heard = new HashMap<>();
  private final Set<String> silent = new HashSet<>();
  private Instant lastCheck = Instant.MIN;

  /** When any of them was heard last; null before. */
  private Instant anyHeard;

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
    anyHeard = now;
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
    int left = heard.size() - silent.size();
    if (heldUp || heardUntil == null || (left > 1 && nobodyHeard(now))) {
      Instant from = now.plus(REJOIN);
      heard.replaceAll((node, at) -> at.isAfter(from) && !heldUp ? at : from);
      return Set.of();
    }
    Duration limit = left > 1 ? SILENT_AFTER : ALONE_SILENT_AFTER;
    Set<String> fallen = new HashSet<>();
    heard.forEach(
        (node, at) -> {
          if (Duration.between(at, heardUntil).compareTo(limit) > 0 && silent.add(node)) {
            fallen.add(node);
          }
        });
    return fallen;
  }

  private boolean nobodyHeard(Instant now) {
    return anyHeard == null || Duration.between(anyHeard, now).compareTo(NOBODY) > 0;
  }
}
