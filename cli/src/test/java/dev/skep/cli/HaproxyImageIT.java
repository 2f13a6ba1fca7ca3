package dev.skep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.testing.RequiresCommand;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever made the image, a registry or images/haproxy/build: it has what the edge relies on. */
@RequiresEngine
@RequiresCommand("docker")
@RequiresImage("haproxy:3.4")
class HaproxyImageIT {
  @Test
  void itEndsGracefullyOnSigusr1() throws Exception {
    assertThat(docker("image", "inspect", "--format", "{{.Config.StopSignal}}", "haproxy:3.4"))
        .isEqualTo("SIGUSR1");
  }

  @Test
  void itRunsHaproxy34AsUser99() throws Exception {
    assertThat(inImage("sh", "-c", "id -u; id -g; haproxy -v"))
        .startsWith("99\n99\nHAProxy version 3.4.");
  }

  @Test
  void optionsAloneAreHaproxysOptions() throws Exception {
    assertThat(inImage("-vv")).contains("USE_OPENSSL=1").contains("USE_QUIC=1");
  }

  @Test
  void theConfigurationDirectoryIsThere() throws Exception {
    assertThat(inImage("sh", "-c", "test -d /usr/local/etc/haproxy && echo there"))
        .isEqualTo("there");
  }

  private static String inImage(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("run", "--rm", "--network", "none"));
    command.add("haproxy:3.4");
    command.addAll(List.of(arguments));
    return docker(command.toArray(String[]::new));
  }

  private static String docker(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
