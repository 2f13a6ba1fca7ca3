package dev.skep.model.edge;

import dev.skep.model.Condition;
import java.time.Instant;
import java.util.List;

/**
 * What an edge serves, in its agent's words.
 *
 * @param edge the edge's name
 * @param proxy {@code haproxy} or {@code traefik}, with the running version: {@code haproxy 3.4.1}
 * @param applied how far the store is applied: the revision
 * @param routes how many routes are served
 * @param servers how many servers are known to the proxy
 * @param reloads how many reloads the agent has made since it was born
 * @param certificates fingerprints (SHA-256, hex) served, by name
 * @param refused what was left out, and why
 * @param conditions {@code Ready}, {@link #STORE_KNOWN}
 * @param since when this revision was applied
 */
public record EdgeStatus(
    String edge,
    String proxy,
    StorePosition applied,
    int routes,
    int servers,
    long reloads,
    java.util.Map<String, String> certificates,
    List<Refusal> refused,
    List<Condition> conditions,
    Instant since) {

  /**
   * The condition that the store is the one that the edge has served from before. While it is
   * false, the edge serves what it has and takes nothing from the store.
   */
  public static final String STORE_KNOWN = "StoreKnown";

  /**
   * Something that the edge does not serve.
   *
   * @param key the routing entry's or the certificate's key
   */
  public record Refusal(String key, String reason) {}

  public EdgeStatus {
    certificates = certificates == null ? java.util.Map.of() : java.util.Map.copyOf(certificates);
    refused = refused == null ? List.of() : List.copyOf(refused);
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }

  /** Whether the edge takes nothing from this store, for it knows another. */
  public boolean refusesStore() {
    return conditions.stream()
        .anyMatch(c -> c.type().equals(STORE_KNOWN) && c.status() == Condition.Status.FALSE);
  }
}
