package dev.skep.deployer.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.deployer.image.policy.HostAliases;
import dev.skep.runtime.config.ConfigException;
import dev.skep.runtime.config.ConfigReader;
import dev.skep.runtime.config.Secret;
import dev.skep.testing.TestCa;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageConfigTest {
  @Test
  void nothingSetMeansTheDefaults() {
    assertThat(read(Map.of()))
        .isEqualTo(
            new ImageConfig(Duration.ofMinutes(5), new Secret(""), HostAliases.NONE, Set.of(), ""))
        .isEqualTo(ImageConfig.defaults());
  }

  @Test
  void everyVariableIsMapped(@TempDir Path dir) {
    Path ca = new TestCa(dir).certificate();

    assertThat(
            read(
                Map.of(
                    "SKEP_IMAGE_POLL", "1h",
                    "SKEP_REGISTRY_HOOK_SECRET", "0123456789abcdef",
                    "SKEP_REGISTRY_ALIASES", "registry:5000=hub.example.org",
                    "SKEP_REGISTRY_INSECURE", "registry:5000, 10.0.0.1:5000",
                    "SKEP_REGISTRY_CA_FILE", ca.toString())))
        .isEqualTo(
            new ImageConfig(
                Duration.ofHours(1),
                new Secret("0123456789abcdef"),
                new HostAliases(Map.of("registry:5000", "hub.example.org")),
                Set.of("registry:5000", "10.0.0.1:5000"),
                ca.toString()));
  }

  @Test
  void allProblemsAreToldAtOnceAndNoSecret() {
    Map<String, String> env =
        Map.of(
            "SKEP_IMAGE_POLL", "10ms",
            "SKEP_REGISTRY_HOOK_SECRET", "short-one",
            "SKEP_REGISTRY_ALIASES", "a",
            "SKEP_REGISTRY_CA_FILE", "/no/such/file");

    assertThatThrownBy(() -> read(env))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("SKEP_IMAGE_POLL")
        .hasMessageContaining("SKEP_REGISTRY_HOOK_SECRET")
        .hasMessageContaining("SKEP_REGISTRY_ALIASES")
        .hasMessageContaining("SKEP_REGISTRY_CA_FILE names /no/such/file")
        .hasMessageNotContaining("short-one");
  }

  @Test
  void theTablesNameEveryVariable() throws IOException {
    ConfigReader reader = new ConfigReader(Map.of());
    ImageConfig.from(reader);
    Path root = Path.of(System.getProperty("skep.root", ".."));
    String readme = Files.readString(root.resolve("deployer-service/README.md"));
    String all = Files.readString(root.resolve("docs/configuration.md"));

    reader
        .effective()
        .forEach(
            (name, value) -> {
              assertThat(readme).contains("| " + name);
              assertThat(all).contains("| `" + name + "` |");
            });
  }

  private static ImageConfig read(Map<String, String> env) {
    ConfigReader reader = new ConfigReader(env);
    ImageConfig config = ImageConfig.from(reader);
    reader.check();
    return config;
  }
}
