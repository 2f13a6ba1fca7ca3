package dev.skep.cert.policy;

import java.util.List;
import java.util.Objects;

/**
 * A certificate that routes ask for.
 *
 * @param name its only name, normalized
 * @param issuer who is to issue it
 * @param choice why that issuer, as a condition's reason
 * @param explanation the same for a person; "" where the choice is the one that was asked for
 * @param refusal why it cannot be issued at all, for a person; null if it can
 * @param routes the ids of the routes that ask for it, sorted
 */
public record Wanted(
    String name,
    String issuer,
    Choice choice,
    String explanation,
    String refusal,
    List<String> routes) {

  /** Why an issuer was chosen. */
  public enum Choice {
    AS_ASKED("AsAsked", true),
    DEFAULT("Default", true),
    UNKNOWN_RESOLVER("UnknownResolver", false),
    CONFLICTING_RESOLVERS("ConflictingResolvers", false),
    INTERNAL_ONLY_NAME("InternalOnlyName", false);

    private final String reason;
    private final boolean asked;

    Choice(String reason, boolean asked) {
      this.reason = reason;
      this.asked = asked;
    }

    /** The condition's reason. */
    public String reason() {
      return reason;
    }

    /** Whether the labels get the issuer that they name. */
    public boolean asked() {
      return asked;
    }
  }

  public Wanted {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(issuer, "issuer");
    routes = List.copyOf(routes);
  }
}
