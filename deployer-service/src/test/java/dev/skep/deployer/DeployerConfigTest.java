package dev.skep.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.runtime.config.ConfigException;
import dev.skep.runtime.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeployerConfigTest {
  @Test
  void nothingSetMeansTheDefaults() {
    DeployerConfig config = read(Map.of());

    assertThat(config)
        .isEqualTo(new DeployerConfig(Duration.ofMinutes(1), Duration.ofMinutes(5), 4, 20, 10, ""))
        .isEqualTo(DeployerConfig.defaults());
  }

  @Test
  void everyVariableIsMapped() {
    DeployerConfig config =
        read(
            Map.of(
                "SKEP_DEPLOYER_RESYNC", "10s",
                "SKEP_DEPLOYER_COMMAND_LIFE", "1h",
                "SKEP_DEPLOYER_PARALLELISM", "8",
                "SKEP_DEPLOYER_HISTORY", "5",
                "SKEP_DEPLOYER_REVISIONS", "7",
                "SKEP_SERVICE_NAME", "skep_deployer",
                "SKEP_SOURCES_FILE", "/etc/skep/sources.yml",
                "SKEP_SOPS", "/opt/sops"));

    assertThat(config)
        .isEqualTo(
            new DeployerConfig(
                Duration.ofSeconds(10),
                Duration.ofHours(1),
                8,
                5,
                7,
                "skep_deployer",
                "/etc/skep/sources.yml",
                "/opt/sops"));
  }

  @Test
  void allProblemsAreToldAtOnce() {
    Map<String, String> env =
        Map.of("SKEP_DEPLOYER_RESYNC", "soon", "SKEP_DEPLOYER_PARALLELISM", "0");

    assertThatThrownBy(() -> read(env))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("SKEP_DEPLOYER_RESYNC")
        .hasMessageContaining("SKEP_DEPLOYER_PARALLELISM");
  }

  @Test
  void theReadmeNamesEveryVariable() throws IOException {
    ConfigReader reader = new ConfigReader(Map.of());
    DeployerConfig.from(reader);

    String readme =
        Files.readString(
            Path.of(System.getProperty("skep.root", ".."), "deployer-service", "README.md"));

    reader.effective().forEach((name, value) -> assertThat(readme).contains("| " + name + " | "));
  }

  private static DeployerConfig read(Map<String, String> env) {
    ConfigReader reader = new ConfigReader(env);
    DeployerConfig config = DeployerConfig.from(reader);
    reader.check();
    return config;
  }
}
