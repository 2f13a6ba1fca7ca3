package dev.skep.model.topic;

import java.util.List;
import java.util.Optional;

/**
 * Who speaks to the broker: one for each service, by the name in its certificate ({@code
 * CN=inventory}). What each may do follows from the topic table: see {@link Acl#of}.
 */
public enum Principal {
  INVENTORY("inventory", "."),
  NODE_AGENT("node-agent", "."),
  DEPLOYER("deployer", "."),
  EDGE_CONFIG("edge-config", "."),

  /** All edges' agents; each appends its edge's name to what it calls itself. */
  EDGE_AGENT("edge-agent", "-"),

  CERT("cert", "."),
  MONITOR("monitor", ".");

  /** Those who may do everything: the brokers among themselves, and whoever administers them. */
  public static final List<String> SUPER_USERS = List.of("broker", "admin");

  private final String id;
  private final String separator;

  Principal(String id, String separator) {
    this.id = id;
    this.separator = separator;
  }

  /** The name, as certificates and rights carry it. */
  public String id() {
    return id;
  }

  /** Whether there are several of them, each with a name of its own behind the principal's. */
  boolean many() {
    return separator.equals("-");
  }

  /** How its consumer groups and, if there are many, its transactional ids begin. */
  String prefix() {
    return "skep." + id + separator;
  }

  /** The principal of this name; empty if there is none. */
  public static Optional<Principal> named(String id) {
    return List.of(values()).stream().filter(p -> p.id.equals(id)).findFirst();
  }
}
