package dev.skep.cli.cluster;

import dev.skep.cli.CliException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where the services are for a command that runs inside the cluster, in the stack's admin
 * container: each is a process of its own there, and answers for its own paths.
 *
 * @param urls by service name
 * @param token that they ask for
 */
public record InCluster(Map<String, URI> urls, String token) {
  /** {@code true} where commands run inside the cluster. */
  public static final String FLAG = "SKEP_IN_CLUSTER";

  private static final String DEPLOYER = "deployer";
  private static final String EDGE_CONFIG = "edge-config";
  private static final String MONITOR = "monitor";

  /** Beginnings of paths; all others are the monitor's. */
  private static final Map<String, String> OWNERS =
      Map.of(
          "/api/stacks", DEPLOYER,
          "/api/commands", DEPLOYER,
          "/api/deployments", DEPLOYER,
          "/api/tokens", DEPLOYER,
          "/api/sources", DEPLOYER,
          "/api/images", DEPLOYER,
          "/api/schedules", DEPLOYER,
          "/api/edges/adopt", EDGE_CONFIG,
          "/api/edges/forget", EDGE_CONFIG);

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "inventory",
          "http://inventory:8421",
          DEPLOYER,
          "http://deployer:8422",
          EDGE_CONFIG,
          "http://edge-config:8423",
          "cert",
          "http://cert:8424",
          MONITOR,
          "http://monitor:8425");

  public InCluster {
    urls = Map.copyOf(urls);
  }

  /**
   * Reads {@code SKEP_X_URL} for each service X, and the token's file.
   *
   * @return empty if this process does not run inside the cluster
   * @throws CliException if something that is needed is missing
   */
  public static Optional<InCluster> from(Map<String, String> env) {
    if (!"true".equals(env.get(FLAG))) {
      return Optional.empty();
    }
    Map<String, URI> urls = new TreeMap<>();
    DEFAULTS.forEach((service, url) -> urls.put(service, url(env, service, url)));
    return Optional.of(new InCluster(urls, token(env)));
  }

  /** The service that answers for a path. */
  public URI owner(String path) {
    return OWNERS.entrySet().stream()
        .filter(e -> path.equals(e.getKey()) || path.startsWith(e.getKey() + "/"))
        .map(e -> urls.get(e.getValue()))
        .findFirst()
        .orElse(urls.get(MONITOR));
  }

  private static URI url(Map<String, String> env, String service, String standard) {
    String name = "SKEP_" + service.toUpperCase(java.util.Locale.ROOT).replace('-', '_') + "_URL";
    String value = env.getOrDefault(name, "");
    try {
      return URI.create(value.isBlank() ? standard : value.strip());
    } catch (IllegalArgumentException e) {
      throw new CliException(name + " is '" + value + "': use a URL such as " + standard, 2);
    }
  }

  private static String token(Map<String, String> env) {
    String file = env.getOrDefault("SKEP_TOKEN_FILE", "");
    if (file.isBlank()) {
      throw new CliException(FLAG + " is set: SKEP_TOKEN_FILE must name the token's file", 2);
    }
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      throw new CliException("cannot read the access token in " + file + ": " + e.getMessage());
    }
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "InCluster" + urls;
  }
}
