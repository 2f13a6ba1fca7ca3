package dev.skep.model.stack;

import dev.skep.model.Condition;
import dev.skep.model.Sealed;
import java.time.Instant;
import java.util.List;

/**
 * A stack's desired state.
 *
 * @param name the namespace
 * @param revision counts what was asked for, from 1
 * @param observedRevision the newest revision that was fully applied; 0 for none
 * @param services names of its services, without the namespace
 * @param body the Engine objects as JSON, sealed to the deployer: environments may hold secrets
 * @param removed whether it is to be gone
 * @param conditions {@code Applied}, {@code InSync}
 */
public record Stack(
    String name,
    long revision,
    long observedRevision,
    List<String> services,
    Sealed body,
    boolean removed,
    Instant since,
    List<Condition> conditions) {

  /** The condition type that says whether the cluster holds what is desired. */
  public static final String APPLIED = "Applied";

  /** The condition type that says whether the cluster still holds what was applied. */
  public static final String IN_SYNC = "InSync";

  public Stack {
    services = services == null ? List.of() : List.copyOf(services);
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }
}
