package dev.skep.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A stack that is being deployed through the suite while something befalls the cluster. */
final class LabDeployment {
  private static final String STACK = "meanwhile";
  private static final Duration BEGUN_WITHIN = Duration.ofSeconds(60);
  private static final Duration DONE_WITHIN = Duration.ofMinutes(5);

  /** Each waits for the one before, so that it takes some seconds until the last is asked for. */
  private static final String YAML =
      """
      x-sleep: &sleep
        image: haproxy:3.4
        entrypoint: [sleep, "100000"]
        stop_grace_period: 0s
        networks: [host]
      services:
        a: {<<: *sleep}
        b: {<<: *sleep, depends_on: [a]}
        c: {<<: *sleep, depends_on: [b]}
        d: {<<: *sleep, depends_on: [c]}
      networks: {host: {external: true}}
      """;

  private final LabCluster lab;
  private final Map<String, String> throughOther;
  private final FutureTask<String> command;

  private LabDeployment(
      LabCluster lab, Map<String, String> throughOther, FutureTask<String> command) {
    this.lab = lab;
    this.throughOther = throughOther;
    this.command = command;
  }

  /**
   * Asks for it by the command line, and returns when its first service is there.
   *
   * @param without the manager that the command line does not talk to
   */
  static LabDeployment begin(LabCluster lab, Path dir, String without) throws Exception {
    String other =
        lab.nodes().stream()
            .filter(n -> n.startsWith("manager-") && !n.equals(without))
            .findFirst()
            .orElseThrow(() -> new IOException("no manager but " + without));
    String socket = "unix:///run/" + lab.env("SKEP_LAB") + "/" + other + ".sock";
    String file = Files.writeString(dir.resolve(STACK + ".yml"), YAML).toString();
    Map<String, String> throughOther = Map.of("DOCKER_HOST", socket, "SKEP_ENGINE_HOST", socket);
    FutureTask<String> command =
        new FutureTask<>(() -> lab.skepWith(throughOther, "stack", "deploy", "-c", file, STACK));
    Thread.ofVirtual().name("deploy-" + STACK).start(command);
    await()
        .atMost(BEGUN_WITHIN)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> command.isDone() || services(lab).contains(STACK + "_a"));
    return new LabDeployment(lab, throughOther, command);
  }

  private static List<String> services(LabCluster lab) throws Exception {
    return lab.docker("service", "ls", "--format", "{{.Name}}").lines().toList();
  }

  /** That it ends well in spite of all, and each of its services is there; takes it away. */
  void endsWell() throws Exception {
    // The command ends with an error, and this with it, unless the deployment has succeeded.
    command.get(DONE_WITHIN.toSeconds(), TimeUnit.SECONDS);
    assertThat(services(lab))
        .filteredOn(name -> name.startsWith(STACK + "_"))
        .containsExactlyInAnyOrder(STACK + "_a", STACK + "_b", STACK + "_c", STACK + "_d");
    lab.awaitConverged(DONE_WITHIN, name -> name.startsWith(STACK + "_"));
    // The lost manager is back, but its part of the suite may not be yet.
    lab.skepWith(throughOther, "stack", "rm", STACK);
  }
}
