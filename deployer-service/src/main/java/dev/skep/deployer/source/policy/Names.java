package dev.skep.deployer.source.policy;

import java.util.Set;
import java.util.stream.Collectors;

/** Tells whether a name belongs to a stack. */
final class Names {
  private final String prefix;
  private final Set<String> longer;

  /**
   * @param others all other stacks: {@code shop_admin_x} belongs to shop_admin if there is one, and
   *     else to shop
   */
  Names(String stack, Set<String> others) {
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

  /** What own names begin with, for messages. */
  String prefix() {
    return prefix;
  }
}
