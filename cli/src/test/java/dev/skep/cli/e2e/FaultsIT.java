package dev.skep.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.skep.testing.EngineRelay;
import dev.skep.testing.RequiresCommand;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import dev.skep.testing.Shell;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong around the suite, and what it says and does then. */
@RequiresEngine(alone = true)
@RequiresImage("haproxy:3.4")
@RequiresCommand("curl")
class FaultsIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path dir;
  private Suite suite;

  @BeforeEach
  void newSuite() throws Exception {
    suite = new Suite();
  }

  @AfterEach
  void down() throws Exception {
    suite.close();
  }

  @Test
  void aPortInUseIsNamedWithItsOwnerAndTheOptionThatChangesIt() throws Exception {
    try (ServerSocket taken =
        new ServerSocket(suite.apiPort, 1, InetAddress.getLoopbackAddress())) {
      Shell.Result up = suite.tryUp();

      assertThat(up.exit()).isEqualTo(1);
      assertThat(up.output())
          .contains("port " + taken.getLocalPort())
          .contains("(pid " + ProcessHandle.current().pid() + ")")
          .contains("--api-port");
    }
  }

  @Test
  void aBadStackFileSaysWhereAndCreatesNothing() throws Exception {
    Path file = dir.resolve("stack.yml");
    Files.writeString(
        file,
        """
        services:
          web:
            image: haproxy:3.4
            enviroment: [A=1]
        """);

    Shell.Result deploy = suite.skep("stack", "deploy", "-c", file.toString(), "e2e-bad");

    assertThat(deploy.exit()).isEqualTo(1);
    assertThat(deploy.output())
        .contains("stack.yml:4:5")
        .contains("enviroment")
        .contains("environment");
    assertThat(Shell.ok("docker", "service", "ls", "--format", "{{.Name}}"))
        .doesNotContain("e2e-bad");
  }

  @Test
  void withoutASuiteStackDeployWorksStraightOnTheEngine() throws Exception {
    Path file = dir.resolve("stack.yml");
    Files.writeString(
        file,
        """
        services:
          web:
            image: haproxy:3.4
            deploy: {replicas: 0}
        """);
    try {
      Shell.Result deploy = suite.skep("stack", "deploy", "-c", file.toString(), "e2e-direct");

      assertThat(deploy.exit()).as(deploy.output()).isZero();
      assertThat(suite.skep("stack", "ls").output()).contains("e2e-direct");
    } finally {
      suite.skep("stack", "rm", "--forget", "e2e-direct");
    }
    assertThat(Shell.ok("docker", "service", "ls", "--format", "{{.Name}}"))
        .doesNotContain("e2e-direct");
    assertThat(Shell.ok("docker", "config", "ls")).doesNotContain("e2e-direct");
  }

  @Test
  void anEngineThatGoesAwayIsSaidAndCaughtUpWithWhileTheEdgeServes() throws Exception {
    try (EngineRelay engine = new EngineRelay(dir.resolve("engine.sock"))) {
      suite.up("--demo", "--engine", engine.uri());
      engine.cut();
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(suite.skep("status").output()).contains("stale"));
      Shell.ok("docker", "service", "scale", "-d", "demo_whoami=4");
      String meanwhile = suite.curl("whoami.localhost", "/").output();

      engine.connect();

      assertThat(meanwhile).contains("status=200");
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(suite.api("/api/edges").get(0).path("servers").asInt()).isEqualTo(4));
      assertThat(suite.skep("status").output()).doesNotContain("stale");
      // While the way to the Engine is still there.
      assertThat(suite.skep("down", "--purge").exit()).isZero();
    }
  }
}
