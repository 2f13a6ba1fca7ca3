package dev.skep.model.access;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a caller of the API may do. Each role may also do what those before it may. */
public enum Role {
  /** Looks, and changes nothing. */
  VIEWER,

  /** Daily work: deploys, rolls back and removes stacks other than the suite's own. */
  OPERATOR,

  /** Everything: tokens, the suite's own stack, what cannot be taken back. */
  ADMIN;

  /** Whether who has this role may do what needs {@code needed}. */
  public boolean covers(Role needed) {
    return compareTo(needed) >= 0;
  }

  /** As people write it: {@code viewer}, {@code operator}, {@code admin}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The role that people write so, in lower case; empty if there is none. */
  public static Optional<Role> named(String id) {
    return List.of(values()).stream().filter(r -> r.id().equals(id)).findFirst();
  }
}
