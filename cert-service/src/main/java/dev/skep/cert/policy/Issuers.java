package dev.skep.cert.policy;

import java.util.Set;
import java.util.stream.Collectors;

/**
 * The issuers that are configured.
 *
 * @param names all of them; holds {@code internal} and the default one
 * @param byDefault for routes that ask for none, or for one that is not configured
 */
public record Issuers(Set<String> names, String byDefault) {
  public static final String INTERNAL = "internal";
  public static final String ACME = "acme";

  public Issuers {
    names = Set.copyOf(names);
    if (!names.contains(INTERNAL) || !names.contains(byDefault)) {
      throw new IllegalArgumentException(
          "issuers " + names + " must hold " + INTERNAL + " and the default one, " + byDefault);
    }
  }

  /** The names for a person: {@code acme, internal}. */
  public String listed() {
    return names.stream().sorted().collect(Collectors.joining(", "));
  }
}
