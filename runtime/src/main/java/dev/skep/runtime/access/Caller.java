package dev.skep.runtime.access;

import dev.skep.model.access.Role;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Who sent a request.
 *
 * @param name of the token that was shown, or what vouched for the request; nobody chooses it anew
 *     with a request
 * @param role what the caller may do
 * @param person whom the caller says to act for, {@code anna@manager-1}; "" if it says nothing. A
 *     claim: never a reason to allow anything
 */
public record Caller(String name, Role role, String person) {
  /** The header in which a caller says whom it acts for. */
  public static final String PERSON_HEADER = "Skep-User";

  private static final Pattern PERSON = Pattern.compile("[A-Za-z0-9._@+-]{1,100}");

  public Caller {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(person, "person");
  }

  /** Whether a text may stand as the person: up to 100 letters, digits and {@code . _ @ + -}. */
  public static boolean isPerson(String text) {
    return PERSON.matcher(text).matches();
  }

  /** As histories tell it: {@code ci}, or {@code root (anna@manager-1)}. */
  public String by() {
    return person.isEmpty() ? name : name + " (" + person + ")";
  }
}
