package dev.skep.lab;

import java.util.Locale;

/**
 * A machine of the lab.
 *
 * @param role what it is for
 * @param number 1 and up, within its role
 */
public record Node(Role role, int number) {
  /** What a node is for; the first number of its addresses. */
  public enum Role {
    MANAGER(10),
    WORKER(20),
    EDGE(30);

    private final int base;

    Role(int base) {
      this.base = base;
    }
  }

  /** Its name, which is its host name too: {@code manager-1}. */
  public String name() {
    return role.name().toLowerCase(Locale.ROOT) + "-" + number;
  }

  /** Its host number in the lab's subnet. */
  int host() {
    return role.base + number;
  }
}
