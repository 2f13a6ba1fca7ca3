package dev.skep.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.testing.RequiresCommand;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A command is passed on to a running container, with everything that goes in and comes out. */
@RequiresEngine
@RequiresCommand("docker")
@RequiresImage("haproxy:3.4")
class ClusterSessionIT {
  private static final String HOST =
      Optional.ofNullable(System.getenv("DOCKER_HOST")).orElse("unix:///var/run/docker.sock");

  /** Says what it was given, on both streams, and ends with 7. */
  private static final String SKEP =
      """
      #!/bin/sh
      for a in "$@"; do echo "[$a]"; done
      cat
      echo trouble >&2
      exit 7
      """;

  private final EngineClient engine = EngineClient.connect(EngineConfig.of(URI.create(HOST)));
  private String container = "";

  @BeforeEach
  void noOtherAdmin() {
    assertThat(ClusterSession.find(engine))
        .as("a stack runs on this Engine: its container would be found in place of the test's")
        .isEmpty();
  }

  @AfterEach
  void cleanUp() throws Exception {
    if (!container.isEmpty()) {
      docker("", "rm", "--force", container);
    }
    engine.close();
  }

  @Test
  void itPassesArgumentsStreamsAndTheExitCodeThrough() throws Exception {
    startAdmin();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    byte[] large = "x".repeat(3_000_000).getBytes(StandardCharsets.UTF_8);

    int code =
        ClusterSession.find(engine)
            .orElseThrow()
            .exec(new ByteArrayInputStream(large), out, err, List.of("stack", "a b", "$HOME;ls"));

    assertThat(code).isEqualTo(7);
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("trouble\n");
    String said = out.toString(StandardCharsets.UTF_8);
    assertThat(said).startsWith("[stack]\n[a b]\n[$HOME;ls]\nxxx");
    assertThat(said).hasSize("[stack]\n[a b]\n[$HOME;ls]\n".length() + large.length);
  }

  @Test
  void itReadsNothingOfAnEmptyStream() throws Exception {
    startAdmin();
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    int code =
        ClusterSession.find(engine)
            .orElseThrow()
            .exec(InputStream.nullInputStream(), out, new ByteArrayOutputStream(), List.of());

    assertThat(code).isEqualTo(7);
    assertThat(out.size()).isZero();
  }

  @Test
  void aStoppedContainerIsNone() throws Exception {
    startAdmin();

    docker("", "stop", "--time", "0", container);

    assertThat(ClusterSession.find(engine)).isEmpty();
  }

  private void startAdmin() throws Exception {
    container =
        docker(
            "",
            "run",
            "--detach",
            "--user=0",
            "--network=none",
            "--label=com.docker.swarm.service.name=" + ClusterSession.ADMIN,
            "--entrypoint=sleep",
            "haproxy:3.4",
            "600");
    docker(
        SKEP,
        "exec",
        "-i",
        container,
        "sh",
        "-c",
        "cat >/usr/local/bin/skep && chmod 755 /usr/local/bin/skep");
  }

  private static String docker(String input, String... arguments) throws Exception {
    List<String> command = new java.util.ArrayList<>(List.of("docker", "--host", HOST));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var to = process.getOutputStream()) {
      to.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
