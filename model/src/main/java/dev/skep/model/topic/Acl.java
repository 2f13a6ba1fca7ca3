package dev.skep.model.topic;

import java.util.ArrayList;
import java.util.List;

/**
 * One right of a principal on the broker. What no right allows is refused.
 *
 * @param principal who
 * @param kind what sort of thing {@code name} is
 * @param name the thing's name, or how it begins
 * @param prefixed whether {@code name} is only the beginning
 * @param operation what may be done; reading and writing include describing
 */
public record Acl(
    Principal principal, Kind kind, String name, boolean prefixed, Operation operation) {

  /** What rights are about. */
  public enum Kind {
    TOPIC,
    GROUP,
    TRANSACTIONAL_ID
  }

  /** What may be done. */
  public enum Operation {
    READ,
    WRITE,
    DESCRIBE
  }

  /** All rights of all principals. */
  public static List<Acl> all() {
    List<Acl> all = new ArrayList<>();
    for (Principal principal : Principal.values()) {
      all.addAll(of(principal));
    }
    return List.copyOf(all);
  }

  /**
   * What a principal may do, and nothing else:
   *
   * <ol>
   *   <li>read, write or describe the topics whose row in the table names it;
   *   <li>if it writes state: use its transactional id, since state is written by fenced writers
   *       alone;
   *   <li>if it reads commands: commit its place among them.
   * </ol>
   *
   * <p>Idempotent producers need no right of their own: whoever may write a topic may be one.
   */
  public static List<Acl> of(Principal principal) {
    List<Acl> acls = new ArrayList<>();
    for (TopicSpec topic : Topics.all()) {
      if (topic.readers().contains(principal)) {
        acls.add(onTopic(principal, topic, Operation.READ));
      }
      if (topic.writers().contains(principal)) {
        acls.add(onTopic(principal, topic, Operation.WRITE));
      }
      if (topic.watchers().contains(principal)) {
        acls.add(onTopic(principal, topic, Operation.DESCRIBE));
      }
    }
    if (Topics.all().stream().anyMatch(t -> t.compacted() && t.writers().contains(principal))) {
      acls.add(
          principal.many()
              ? new Acl(principal, Kind.TRANSACTIONAL_ID, principal.prefix(), true, Operation.WRITE)
              : new Acl(
                  principal,
                  Kind.TRANSACTIONAL_ID,
                  "skep." + principal.id(),
                  false,
                  Operation.WRITE));
    }
    if (Topics.COMMANDS.readers().contains(principal)) {
      acls.add(new Acl(principal, Kind.GROUP, principal.prefix(), true, Operation.READ));
    }
    return List.copyOf(acls);
  }

  private static Acl onTopic(Principal principal, TopicSpec topic, Operation operation) {
    return new Acl(principal, Kind.TOPIC, topic.name(), false, operation);
  }

  /** As a person reads it: {@code cert may READ topic skep.routes}. */
  @Override
  public String toString() {
    return principal.id()
        + " may "
        + operation
        + " "
        + kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ')
        + " "
        + name
        + (prefixed ? "*" : "");
  }
}
