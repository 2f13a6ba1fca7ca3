package dev.skep.edgeconfig.labels;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The keys of one kind of label, by what Skep does with them. Keys are in lower case and start
 * below the router's or service's name; one that ends in a dot stands for all below it.
 *
 * @param honoured served as they say
 * @param ignored known to Traefik and harmless to leave out: the route is served, and says so
 * @param refused known to Traefik; serving without them would be wrong or unsafe. To why
 * @param shown the keys in Traefik's own letter case, for suggestions
 */
record Vocabulary(
    List<String> honoured,
    List<String> ignored,
    Map<String, String> refused,
    Collection<String> shown) {

  static final Vocabulary ROUTER =
      new Vocabulary(
          List.of(
              "rule",
              "rulesyntax",
              "entrypoints",
              "priority",
              "service",
              "middlewares",
              "tls",
              "tls.certresolver",
              "tls.domains["),
          List.of("observability."),
          Map.of("tls.options", "TLS options may ask for client certificates"),
          List.of(
              "rule",
              "ruleSyntax",
              "entryPoints",
              "priority",
              "service",
              "middlewares",
              "tls",
              "tls.certResolver",
              "tls.domains[0].main",
              "tls.domains[0].sans"));

  static final Vocabulary SERVICE =
      new Vocabulary(
          List.of(
              "loadbalancer.server.port",
              "loadbalancer.server.scheme",
              "loadbalancer.passhostheader"),
          List.of(
              "loadbalancer.server.weight",
              "loadbalancer.server.preservepath",
              "loadbalancer.strategy",
              "loadbalancer.sticky",
              "loadbalancer.sticky.",
              "loadbalancer.healthcheck.",
              "loadbalancer.passivehealthcheck.",
              "loadbalancer.responseforwarding."),
          Map.of(
              "loadbalancer.server.url", "servers are the service's own tasks",
              "loadbalancer.serverstransport", "labels cannot define a servers transport"),
          List.of(
              "loadbalancer.server.port",
              "loadbalancer.server.scheme",
              "loadbalancer.passHostHeader"));

  enum Use {
    HONOURED,
    IGNORED,
    REFUSED,
    UNKNOWN
  }

  Use of(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    if (refused.containsKey(lower)) {
      return Use.REFUSED;
    }
    if (has(honoured, lower)) {
      return Use.HONOURED;
    }
    return has(ignored, lower) ? Use.IGNORED : Use.UNKNOWN;
  }

  private static boolean has(List<String> keys, String key) {
    return keys.stream()
        .anyMatch(k -> (k.endsWith(".") || k.endsWith("[")) ? key.startsWith(k) : key.equals(k));
  }
}
