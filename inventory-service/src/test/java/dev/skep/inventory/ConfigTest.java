package dev.skep.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.engine.EngineConfig;
import dev.skep.inventory.agent.NodeAgentConfig;
import dev.skep.runtime.config.ConfigException;
import dev.skep.runtime.config.ConfigReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigTest {
  private static final Map<String, String> FULL =
      Map.of(
          "SKEP_ENGINE_HOST", "tcp://proxy:2375",
          "SKEP_ENGINE_TIMEOUT", "5s",
          "SKEP_INVENTORY_RESYNC", "2m");

  @Test
  void theDefaultsAreThisMachinesEngineAndAMinute() {
    // Given
    ConfigReader env = new ConfigReader(Map.of());

    // When
    InventoryConfig config = InventoryConfig.from(env);

    // Then
    env.check();
    assertThat(config)
        .isEqualTo(
            new InventoryConfig(
                new EngineConfig(URI.create("unix:///var/run/docker.sock"), Duration.ofSeconds(15)),
                Duration.ofSeconds(60)))
        .isEqualTo(InventoryConfig.defaults());
    assertThat(NodeAgentConfig.from(env)).isEqualTo(NodeAgentConfig.defaults());
  }

  @Test
  void everySettingComesFromTheEnvironment() {
    // Given
    ConfigReader env = new ConfigReader(FULL);
    EngineConfig engine = new EngineConfig(URI.create("tcp://proxy:2375"), Duration.ofSeconds(5));

    // When
    InventoryConfig config = InventoryConfig.from(env);

    // Then
    env.check();
    assertThat(config).isEqualTo(new InventoryConfig(engine, Duration.ofMinutes(2)));
    assertThat(NodeAgentConfig.from(env)).isEqualTo(new NodeAgentConfig(engine));
  }

  @Test
  void everyErrorIsReportedAtOnce() {
    // Given
    ConfigReader env =
        new ConfigReader(
            Map.of("SKEP_ENGINE_HOST", "http://proxy", "SKEP_INVENTORY_RESYNC", "10ms"));

    // When
    InventoryConfig.from(env);

    // Then
    assertThatThrownBy(env::check)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("unix:///PATH or tcp://HOST:PORT")
        .hasMessageContaining("SKEP_INVENTORY_RESYNC is below a second");
  }

  @Test
  void theReadmeNamesEverySettingWithItsDefault() throws IOException {
    // Given
    Path root = Path.of(System.getProperty("skep.root", ".."));

    // When
    String readme = Files.readString(root.resolve("inventory-service/README.md"));

    // Then
    FULL.keySet().forEach(name -> assertThat(readme).contains("`" + name + "`"));
    assertThat(readme).contains("`unix:///var/run/docker.sock`", "`15s`", "`60s`");
  }
}
