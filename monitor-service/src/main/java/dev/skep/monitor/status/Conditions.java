package dev.skep.monitor.status;

import dev.skep.model.Condition;
import java.util.List;
import java.util.Optional;

/** Reading conditions. */
public final class Conditions {
  private Conditions() {}

  /** The condition of this type. */
  public static Optional<Condition> find(List<Condition> conditions, String type) {
    return conditions.stream().filter(c -> c.type().equals(type)).findFirst();
  }

  /** Whether the condition of this type holds; an absent one does not. */
  public static boolean holds(List<Condition> conditions, String type) {
    return find(conditions, type).filter(c -> c.status() == Condition.Status.TRUE).isPresent();
  }
}
