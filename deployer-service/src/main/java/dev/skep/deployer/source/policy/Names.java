package dev.skep.deployer.source.policy;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells whether a name belongs to a stack. */
final class Names {
  private final String prefix;
  private final Set<String> longer;
  private final Map<String, Set<String>> made;

  /**
   * @param others all other stacks: {@code shop_admin_x} belongs to shop_admin if there is one, and
   *     else to shop
   * @param made section of the file to the names of what its declarations make
   */
  Names(String stack, Set<String> others, Map<String, Set<String>> made) {
    this.made = Map.copyOf(made);
    this.prefix = stack + "_";
    this.longer =
        others.stream()
            .map(o -> o + "_")
            .filter(o -> o.startsWith(prefix) && !o.equals(prefix))
            .collect(Collectors.toUnmodifiableSet());
  }

  boolean own(String name) {
    return name.startsWith(prefix) && longer.stream().noneMatch(name::startsWith);
  }

  /**
   * Whether what a service refers to is the stack's own: the file makes it, too. A name alone says
   * nothing of what is external, as a stack that is not known here may have made it.
   */
  boolean own(String section, String name) {
    return makes(section, name) && own(name);
  }

  /** Whether a declaration of the file makes it; else it is external. */
  boolean makes(String section, String name) {
    return made.getOrDefault(section, Set.of()).contains(name);
  }

  /** Why something is not own, for messages. */
  String why(String section, String name) {
    return makes(section, name) ? "is not the stack's own" : "is external";
  }

  /** Whether all names that begin like this are own ones, whatever comes behind. */
  boolean ownBefore(String start) {
    return start.startsWith(prefix)
        && longer.stream().noneMatch(l -> l.startsWith(start) || start.startsWith(l));
  }

  /** What own names begin with, for messages. */
  String prefix() {
    return prefix;
  }
}
