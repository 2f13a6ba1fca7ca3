package dev.skep.edgeconfig;

import dev.skep.edgeconfig.routing.RoutingOptions;
import dev.skep.runtime.config.ConfigReader;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The service's configuration.
 *
 * @param resync how often every service is looked at again, whatever the events said
 */
public record EdgeConfigConfig(RoutingOptions routing, Duration resync) {
  static final Duration DEFAULT_RESYNC = Duration.ofMinutes(5);

  /** Without any variable set. */
  public static EdgeConfigConfig defaults() {
    return new EdgeConfigConfig(RoutingOptions.defaults(), DEFAULT_RESYNC);
  }

  /** From the environment; what is wrong is told by {@link ConfigReader#check}. */
  public static EdgeConfigConfig from(ConfigReader env) {
    Map<String, String> entryPoints = new TreeMap<>();
    names(env, "SKEP_EDGE_WEB_NAMES", "web,http").forEach(n -> entryPoints.put(n, "web"));
    for (String name : names(env, "SKEP_EDGE_WEBSECURE_NAMES", "websecure,https")) {
      if (entryPoints.putIfAbsent(name, "websecure") != null) {
        env.problem(
            "SKEP_EDGE_WEBSECURE_NAMES",
            "names '" + name + "', which SKEP_EDGE_WEB_NAMES names too",
            "an entry point is plain or TLS: remove it from one of them");
      }
    }
    RoutingOptions routing =
        new RoutingOptions(
            env.optional("SKEP_EDGE_NETWORK", RoutingOptions.DEFAULT_NETWORK),
            env.flag("SKEP_EXPOSED_BY_DEFAULT", false),
            entryPoints);
    Duration resync = env.duration("SKEP_EDGE_CONFIG_RESYNC", DEFAULT_RESYNC);
    if (resync.compareTo(Duration.ofSeconds(1)) < 0) {
      env.problem("SKEP_EDGE_CONFIG_RESYNC", "is shorter than 1s", "use a minute or more");
    }
    return new EdgeConfigConfig(routing, resync);
  }

  private static List<String> names(ConfigReader env, String variable, String fallback) {
    return Arrays.stream(env.optional(variable, fallback).split(","))
        .map(n -> n.strip().toLowerCase(Locale.ROOT))
        .filter(n -> !n.isEmpty())
        .toList();
  }
}
