package dev.skep.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.skep.testing.RequiresCommand;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import dev.skep.testing.Shell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No request fails while a service changes: a task gets none any more before it is told to end. */
@RequiresEngine
@RequiresImage("haproxy:3.4")
@RequiresCommand("curl")
class RollingUpdateIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration UPDATED = Duration.ofMinutes(2);
  private static final String SERVICE = "demo_whoami";

  private static Suite suite;

  @BeforeAll
  static void up() throws Exception {
    suite = new Suite();
    suite.up("--demo");
    update(
        "--label-add",
        "traefik.http.routers.plain.rule=Host(`plain.localhost`)",
        "--label-add",
        "traefik.http.routers.plain.entrypoints=web",
        "--label-add",
        "traefik.http.routers.plain.service=whoami");
  }

  @AfterAll
  static void down() throws Exception {
    suite.close();
  }

  @BeforeEach
  void threeReplicasAreServed() throws Exception {
    Shell.ok("docker", "service", "scale", "-d", SERVICE + "=3");
    served(3);
    await()
        .atMost(SOON)
        .until(() -> suite.plain("plain.localhost", "/").startsWith("HTTP/1.1 200"));
  }

  @Test
  void noRequestFailsWhileEveryTaskIsReplaced() throws Exception {
    Load load = load();

    update("--force");

    updated();
    assertNoneFailed(load);
  }

  @Test
  void noRequestFailsThoughTheApplicationEndsAtOnceWhenTold() throws Exception {
    // HAProxy drops everything on SIGTERM.
    update("--stop-signal", "SIGTERM");
    updated();
    Load load = load();

    update("--force");

    updated();
    Shell.ok("docker", "service", "scale", "-d", SERVICE + "=1");
    served(1);
    assertNoneFailed(load);
  }

  @Test
  void noRequestFailsWhileTheServiceGrowsAndShrinks() throws Exception {
    Load load = load();

    Shell.ok("docker", "service", "scale", "-d", SERVICE + "=6");

    served(6);
    Shell.ok("docker", "service", "scale", "-d", SERVICE + "=2");
    served(2);
    assertNoneFailed(load);
  }

  @Test
  void requestsOfAKilledTaskAreAnsweredByAnother() throws Exception {
    Load load = load();
    String task = containers().lines().findFirst().orElseThrow();

    Shell.ok("docker", "kill", task);

    await().atMost(SOON).until(() -> !containers().contains(task));
    served(3);
    assertNoneFailed(load);
  }

  private static Load load() throws Exception {
    return new Load(suite.state().ca())
        .https("whoami.localhost", suite.httpsPort, false, 2)
        .https("whoami.localhost", suite.httpsPort, true, 2)
        .http("plain.localhost", suite.httpPort, false, 2)
        .http("plain.localhost", suite.httpPort, true, 2);
  }

  /** The tasks that leave may still be finishing: load goes on until they have ended. */
  private static void assertNoneFailed(Load load) throws Exception {
    long then = load.requests();
    await().atMost(SOON).until(() -> load.requests() > then + 200);
    Load.Report report = load.stop();
    assertThat(report.failures()).as("of " + report.requests() + " requests").isEmpty();
    assertThat(report.requests()).isGreaterThan(200);
  }

  private static void update(String... more) throws Exception {
    List<String> command = new ArrayList<>(List.of("docker", "service", "update", "-d"));
    command.addAll(List.of(more));
    command.add(SERVICE);
    Shell.ok(command.toArray(String[]::new));
  }

  private static void updated() {
    await()
        .atMost(UPDATED)
        .until(
            () ->
                Shell.ok(
                        "docker",
                        "service",
                        "inspect",
                        "-f",
                        "{{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}}",
                        SERVICE)
                    .strip(),
            "completed"::equals);
  }

  /** Waits until the edge has as many servers, and so many containers are left. */
  private static void served(int count) {
    await()
        .atMost(SOON.multipliedBy(2))
        .untilAsserted(
            () -> {
              assertThat(suite.api("/api/edges").get(0).path("servers").asInt()).isEqualTo(count);
              assertThat(containers()).hasLineCount(count);
            });
  }

  private static String containers() throws Exception {
    return Shell.ok(
        "docker", "ps", "-q", "--filter", "label=com.docker.swarm.service.name=" + SERVICE);
  }
}
