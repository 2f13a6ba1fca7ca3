package dev.skep.edgeconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.edgeconfig.routing.RoutingOptions;
import dev.skep.runtime.config.ConfigException;
import dev.skep.runtime.config.ConfigReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EdgeConfigConfigTest {

  @Test
  void anEmptyEnvironmentGivesTheDefaults() {
    EdgeConfigConfig config = EdgeConfigConfig.from(new ConfigReader(Map.of()));
    assertThat(config).isEqualTo(EdgeConfigConfig.defaults());
    assertThat(config.routing().edgeNetwork()).isEqualTo("skep-edge");
    assertThat(config.routing().exposedByDefault()).isFalse();
    assertThat(config.resync()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void everyVariableIsTaken() {
    EdgeConfigConfig config =
        EdgeConfigConfig.from(
            new ConfigReader(
                Map.of(
                    "SKEP_EDGE_NETWORK", "proxy",
                    "SKEP_EXPOSED_BY_DEFAULT", "true",
                    "SKEP_EDGE_WEB_NAMES", "Plain, web",
                    "SKEP_EDGE_WEBSECURE_NAMES", "tls",
                    "SKEP_EDGE_CONFIG_RESYNC", "30s")));
    assertThat(config)
        .isEqualTo(
            new EdgeConfigConfig(
                new RoutingOptions(
                    "proxy", true, Map.of("plain", "web", "web", "web", "tls", "websecure")),
                Duration.ofSeconds(30)));
  }

  @Test
  void allErrorsAreToldAtOnce() {
    ConfigReader env =
        new ConfigReader(
            Map.of(
                "SKEP_EXPOSED_BY_DEFAULT", "maybe",
                "SKEP_EDGE_WEBSECURE_NAMES", "web",
                "SKEP_EDGE_CONFIG_RESYNC", "10ms"));
    EdgeConfigConfig.from(env);
    assertThatThrownBy(env::check)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("SKEP_EXPOSED_BY_DEFAULT")
        .hasMessageContaining("SKEP_EDGE_WEBSECURE_NAMES")
        .hasMessageContaining("SKEP_EDGE_CONFIG_RESYNC");
  }

  @Test
  void theReadmeNamesEveryVariableWithItsDefault() throws Exception {
    ConfigReader env = new ConfigReader(Map.of());
    EdgeConfigConfig.from(env);
    String readme =
        Files.readString(Path.of(System.getProperty("skep.root"), "edge-config-service/README.md"));
    env.effective()
        .forEach(
            (name, value) ->
                assertThat(readme).containsPattern("\\| `" + name + "` \\| `" + value + "` \\|"));
  }
}
