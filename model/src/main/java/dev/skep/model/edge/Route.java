package dev.skep.model.edge;

import dev.skep.model.Condition;
import java.util.List;

/**
 * A router: which requests go to which backend.
 *
 * @param id the router's name in the labels; unique in the cluster
 * @param serviceId the Swarm service whose labels made it
 * @param service that service's name
 * @param rule null if it could not be read; then not accepted
 * @param priority higher wins; by default the length of the rule's text
 * @param entryPoints {@code web} (plain HTTP), {@code websecure} (TLS); never empty
 * @param tls null: served without TLS
 * @param redirectToHttps whether plain requests are answered by a redirect to https
 * @param backend the id of its backend
 * @param conditions {@code Accepted}, always present: false means that it is not served, and why
 */
public record Route(
    String id,
    String serviceId,
    String service,
    Rule rule,
    long priority,
    List<String> entryPoints,
    Tls tls,
    boolean redirectToHttps,
    String backend,
    List<Condition> conditions)
    implements RoutingEntry {

  /** The condition type that says whether a route is served. */
  public static final String ACCEPTED = "Accepted";

  /**
   * TLS for a route.
   *
   * @param resolver the issuer's name; null: the default one
   * @param domains names the certificate must cover; empty: the rule's hosts
   */
  public record Tls(String resolver, List<String> domains) {
    public Tls {
      domains = domains == null ? List.of() : List.copyOf(domains);
    }
  }

  public Route {
    entryPoints = entryPoints == null ? List.of() : List.copyOf(entryPoints);
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }

  @Override
  public String key() {
    return "route/" + id;
  }

  /** Whether edges serve this route. */
  public boolean accepted() {
    return conditions.stream()
        .anyMatch(c -> c.type().equals(ACCEPTED) && c.status() == Condition.Status.TRUE);
  }

  /** The names that need a certificate: none without TLS. */
  public List<String> certificateNames() {
    if (tls == null || rule == null) {
      return List.of();
    }
    return tls.domains().isEmpty() ? rule.hosts() : tls.domains();
  }
}
