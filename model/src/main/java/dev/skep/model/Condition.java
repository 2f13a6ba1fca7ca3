package dev.skep.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One observable aspect of an entity, after the field's convention.
 *
 * @param type what is spoken of, in CamelCase: {@code Ready}, {@code Accepted}
 * @param status whether it holds
 * @param reason why, as one CamelCase word that programs can compare; never null
 * @param message why, for a person, with what to do next; never null, free of secrets
 * @param lastTransitionTime when {@code status} last changed (not: when it was last confirmed)
 */
public record Condition(
    String type, Status status, String reason, String message, Instant lastTransitionTime) {

  /** Whether a condition holds. */
  public enum Status {
    TRUE,
    FALSE,
    UNKNOWN
  }

  public Condition {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(status, "status");
    reason = reason == null ? "" : reason;
    message = message == null ? "" : message;
    Objects.requireNonNull(lastTransitionTime, "lastTransitionTime");
  }

  /** A condition that holds since {@code now}. */
  public static Condition isTrue(String type, String reason, String message, Instant now) {
    return new Condition(type, Status.TRUE, reason, message, now);
  }

  /** A condition that does not hold since {@code now}. */
  public static Condition isFalse(String type, String reason, String message, Instant now) {
    return new Condition(type, Status.FALSE, reason, message, now);
  }

  /**
   * {@code conditions} with {@code next} in place of the one of the same type. The transition time
   * of the old one is kept while the status is unchanged, so that level-triggered writers may say
   * the same thing again and again.
   */
  public static List<Condition> with(List<Condition> conditions, Condition next) {
    List<Condition> result = new ArrayList<>(conditions.size() + 1);
    boolean placed = false;
    for (Condition old : conditions) {
      if (!old.type().equals(next.type())) {
        result.add(old);
        continue;
      }
      Instant since =
          old.status() == next.status() ? old.lastTransitionTime() : next.lastTransitionTime();
      result.add(new Condition(next.type(), next.status(), next.reason(), next.message(), since));
      placed = true;
    }
    if (!placed) {
      result.add(next);
    }
    return List.copyOf(result);
  }
}
