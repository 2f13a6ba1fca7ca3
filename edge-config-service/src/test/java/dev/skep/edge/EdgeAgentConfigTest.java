package dev.skep.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.edge.EdgeAgentConfig.Proxy;
import dev.skep.edge.haproxy.HaproxySettings;
import dev.skep.runtime.config.ConfigException;
import dev.skep.runtime.config.ConfigReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EdgeAgentConfigTest {
  @Test
  void defaults() {
    EdgeAgentConfig config =
        EdgeAgentConfig.from(new ConfigReader(Map.of("SKEP_EDGE_NAME", "edge-1")));

    assertThat(config)
        .isEqualTo(
            new EdgeAgentConfig(
                "edge-1",
                Path.of("/var/lib/skep-edge"),
                -1,
                Set.of(Proxy.HAPROXY),
                HaproxySettings.of("/var/lib/skep-edge")));
  }

  @Test
  void full_mapping() {
    Map<String, String> env =
        Map.ofEntries(
            Map.entry("SKEP_EDGE_NAME", "e"),
            Map.entry("SKEP_EDGE_DIR", "/d"),
            Map.entry("SKEP_EDGE_PROXY_DIR", "/p"),
            Map.entry("SKEP_EDGE_OWNER_UID", "99"),
            Map.entry("SKEP_EDGE_PROXIES", "haproxy, traefik"),
            Map.entry("SKEP_EDGE_BIND", "127.0.0.1"),
            Map.entry("SKEP_EDGE_HTTP_PORT", "8080"),
            Map.entry("SKEP_EDGE_HTTPS_PORT", "8443"),
            Map.entry("SKEP_EDGE_PUBLIC_HTTP_PORT", "81"),
            Map.entry("SKEP_EDGE_PUBLIC_HTTPS_PORT", "444"),
            Map.entry("SKEP_EDGE_HARD_STOP_AFTER", "5m"));

    EdgeAgentConfig config = EdgeAgentConfig.from(new ConfigReader(env));

    assertThat(config)
        .isEqualTo(
            new EdgeAgentConfig(
                "e",
                Path.of("/d"),
                99,
                Set.of(Proxy.HAPROXY, Proxy.TRAEFIK),
                new HaproxySettings(
                    "/p", "127.0.0.1", 8080, 8443, 81, 444, Duration.ofMinutes(5))));
  }

  @Test
  void every_error_is_reported_at_once() {
    ConfigReader env =
        new ConfigReader(
            Map.of(
                "SKEP_EDGE_PROXIES", "nginx",
                "SKEP_EDGE_PROXY_DIR", "/a b",
                "SKEP_EDGE_HTTP_PORT", "0"));
    EdgeAgentConfig.from(env);

    assertThatThrownBy(env::check)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("SKEP_EDGE_NAME")
        .hasMessageContaining("SKEP_EDGE_PROXIES")
        .hasMessageContaining("SKEP_EDGE_PROXY_DIR")
        .hasMessageContaining("SKEP_EDGE_HTTP_PORT");
  }
}
