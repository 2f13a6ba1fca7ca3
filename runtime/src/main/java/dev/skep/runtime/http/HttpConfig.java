package dev.skep.runtime.http;

import dev.skep.runtime.config.ConfigReader;
import dev.skep.runtime.config.Secret;

/**
 * Where the front door listens.
 *
 * @param host an address of this machine; loopback by default
 * @param port 0: a free one
 * @param token the root token: who shows it as {@code Authorization: Bearer} may do everything;
 *     empty: every request but health and metrics is refused
 */
public record HttpConfig(String host, int port, Secret token) {
  /** From {@code SKEP_HTTP_HOST}, {@code SKEP_HTTP_PORT} and {@code SKEP_TOKEN(_FILE)}. */
  public static HttpConfig from(ConfigReader config, int defaultPort) {
    return new HttpConfig(
        config.optional("SKEP_HTTP_HOST", "127.0.0.1"),
        config.integer("SKEP_HTTP_PORT", defaultPort, 0, 65_535),
        config.secret("SKEP_TOKEN"));
  }

  /**
   * For a process without an API, which must not hold the key to those of others: from {@code
   * SKEP_HTTP_HOST} and {@code SKEP_HTTP_PORT}.
   */
  public static HttpConfig withoutApi(ConfigReader config, int defaultPort) {
    return new HttpConfig(
        config.optional("SKEP_HTTP_HOST", "127.0.0.1"),
        config.integer("SKEP_HTTP_PORT", defaultPort, 0, 65_535),
        new Secret(""));
  }
}
