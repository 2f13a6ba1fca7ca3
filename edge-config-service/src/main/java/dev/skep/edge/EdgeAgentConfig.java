package dev.skep.edge;

import dev.skep.edge.haproxy.HaproxySettings;
import dev.skep.runtime.config.ConfigReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An edge agent's configuration.
 *
 * @param name the edge's, unique among edges
 * @param dir the directory shared with the proxy, as the agent sees it
 * @param ownerUid who must own the files, the proxy's user; -1: left as they are
 * @param proxies for which proxies to write
 * @param haproxy what HAProxy is told, with the directory as the proxy sees it
 */
public record EdgeAgentConfig(
    String name, Path dir, int ownerUid, Set<Proxy> proxies, HaproxySettings haproxy) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  /** What serves. */
  public enum Proxy {
    HAPROXY,
    TRAEFIK
  }

  public EdgeAgentConfig {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "the edge's name '" + name + "' must be 1 to 63 letters, digits, '.', '_' or '-'");
    }
    proxies = Set.copyOf(proxies);
  }

  /** An HAProxy on ports 80 and 443 that sees the directory as {@code proxyDir}. */
  public static EdgeAgentConfig of(String name, Path dir, String proxyDir) {
    return new EdgeAgentConfig(
        name, dir, -1, EnumSet.of(Proxy.HAPROXY), HaproxySettings.of(proxyDir));
  }

  /** Reads {@code SKEP_EDGE_*}. */
  public static EdgeAgentConfig from(ConfigReader env) {
    String name = env.required("SKEP_EDGE_NAME");
    if (!name.isEmpty() && !NAME.matcher(name).matches()) {
      env.problem(
          "SKEP_EDGE_NAME", "is '" + name + "'", "use 1 to 63 letters, digits, '.', '_' or '-'");
    }
    Path dir = env.path("SKEP_EDGE_DIR", "/var/lib/skep-edge");
    String proxyDir = env.optional("SKEP_EDGE_PROXY_DIR", dir.toAbsolutePath().toString());
    if (!Pattern.matches("/[A-Za-z0-9_./@+-]*", proxyDir)) {
      env.problem(
          "SKEP_EDGE_PROXY_DIR",
          "is '" + proxyDir + "'",
          "use an absolute path of letters, digits and . _ @ + -");
      proxyDir = "/";
    }
    int ownerUid = env.integer("SKEP_EDGE_OWNER_UID", -1, -1, 65_535);
    Set<Proxy> proxies = proxies(env);
    String bind = env.optional("SKEP_EDGE_BIND", "");
    int http = env.integer("SKEP_EDGE_HTTP_PORT", 80, 1, 65_535);
    int https = env.integer("SKEP_EDGE_HTTPS_PORT", 443, 1, 65_535);
    int publicHttp = env.integer("SKEP_EDGE_PUBLIC_HTTP_PORT", http, 1, 65_535);
    int publicHttps = env.integer("SKEP_EDGE_PUBLIC_HTTPS_PORT", https, 1, 65_535);
    Duration hardStop = env.duration("SKEP_EDGE_HARD_STOP_AFTER", Duration.ofSeconds(60));
    HaproxySettings haproxy =
        new HaproxySettings(proxyDir, bind, http, https, publicHttp, publicHttps, hardStop);
    return new EdgeAgentConfig(name.isEmpty() ? "unset" : name, dir, ownerUid, proxies, haproxy);
  }

  private static Set<Proxy> proxies(ConfigReader env) {
    Set<Proxy> proxies = EnumSet.noneOf(Proxy.class);
    String text = env.optional("SKEP_EDGE_PROXIES", "haproxy");
    for (String word : text.split(",", -1)) {
      switch (word.strip().toLowerCase(Locale.ROOT)) {
        case "haproxy" -> proxies.add(Proxy.HAPROXY);
        case "traefik" -> proxies.add(Proxy.TRAEFIK);
        default ->
            env.problem(
                "SKEP_EDGE_PROXIES", "is '" + text + "'", "use haproxy, traefik or both, by comma");
      }
    }
    return proxies;
  }
}
