package dev.skep.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.cli.CliException;
import dev.skep.cli.StateDir;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpOptionsTest {
  @TempDir Path dir;

  @Test
  void whatWasRememberedIsReadBack() {
    StateDir state = new StateDir(dir);
    UpOptions options =
        new UpOptions(
            "unix:///run/d.sock",
            "/e",
            "haproxy:3.4",
            1,
            2,
            3,
            "k:9092",
            "https://ca/dir",
            "a@b.example",
            "/ca.pem");
    options.remember(state);

    UpOptions read = UpOptions.remembered(state);

    assertThat(read).isEqualTo(options);
  }

  @Test
  void withoutAnEarlierStartTheDefaultsHold() {
    UpOptions read = UpOptions.remembered(new StateDir(dir));

    assertThat(read)
        .isEqualTo(
            new UpOptions(
                "unix:///var/run/docker.sock",
                "/var/lib/skep-edge",
                "haproxy:3.4",
                8420,
                80,
                443,
                null,
                null,
                null,
                null));
  }

  @Test
  void aBrokenFileIsNamedWithWhatToDo() throws Exception {
    StateDir state = new StateDir(dir);
    Files.writeString(state.options(), "{");

    assertThatThrownBy(() -> UpOptions.remembered(state))
        .isInstanceOf(CliException.class)
        .hasMessageContaining(state.options().toString())
        .hasMessageContaining("delete it");
  }

  @Test
  void differencesNameTheOption() {
    UpOptions other =
        new UpOptions(
            UpOptions.DEFAULTS.engine(),
            UpOptions.DEFAULTS.edgeDir(),
            UpOptions.DEFAULTS.image(),
            8420,
            8080,
            443,
            null,
            null,
            null,
            null);

    assertThat(UpOptions.DEFAULTS.differences(other)).containsOnlyKeys("--http-port");
  }

  @Test
  void everyOptionThatCannotBeSoIsNamed() {
    UpOptions options =
        new UpOptions(
            "docker.sock",
            "/e",
            "haproxy:3.4",
            70000,
            443,
            443,
            null,
            "ca.example/directory",
            null,
            "/no/such/file.pem");

    assertThatThrownBy(options::check)
        .isInstanceOf(CliException.class)
        .hasMessageContaining("--api-port 70000")
        .hasMessageContaining("--http-port and --https-port are both 443")
        .hasMessageContaining("--engine docker.sock")
        .hasMessageContaining("--acme-directory ca.example/directory")
        .hasMessageContaining("--acme-ca-file /no/such/file.pem");
  }

  @Test
  void theDefaultsCanBeSo() {
    UpOptions options = UpOptions.DEFAULTS;

    assertThatCode(options::check).doesNotThrowAnyException();
  }

  @Test
  void anotherEngineIsADifference() {
    UpOptions other =
        new UpOptions(
            "tcp://127.0.0.1:2375",
            UpOptions.DEFAULTS.edgeDir(),
            UpOptions.DEFAULTS.image(),
            8420,
            80,
            443,
            null,
            null,
            null,
            null);

    assertThat(UpOptions.DEFAULTS.differences(other)).containsOnlyKeys("--engine");
  }
}
