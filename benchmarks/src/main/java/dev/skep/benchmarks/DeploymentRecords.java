package dev.skep.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.ApiClient;
import dev.skep.cli.StateDir;
import dev.skep.cli.cluster.ClusterSession;
import dev.skep.model.Json;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The deployer's own records of what it deployed, wherever it runs. */
final class DeploymentRecords {
  private static final Duration TICK = Duration.ofMillis(100);

  /** Nothing in the cluster is published outside: this runs in its admin container. */
  private static final String ASK_INSIDE =
      """
      url=${SKEP_DEPLOYER_URL#http://}
      exec 3<>"/dev/tcp/${url%%:*}/${url##*:}"
      printf 'GET /api/deployments/%s HTTP/1.0\\r\\nHost: %s\\r\\nAuthorization: Bearer %s\\r\\n\\r\\n' \
        "$1" "$url" "$(cat "$SKEP_TOKEN_FILE")" >&3
      cat <&3
      """;

  private interface Source {
    /** All of a stack, newest first. */
    JsonNode of(String stack) throws IOException, InterruptedException;
  }

  private final Source source;

  private DeploymentRecords(Source source) {
    this.source = source;
  }

  /**
   * One deployment that has ended: when its command was folded, and when its last call was done.
   */
  record Ended(Instant accepted, Instant finished) {}

  /**
   * Of the suite on the cluster, else of the all-in-one of this machine; empty if there is none.
   */
  static Optional<DeploymentRecords> find(URI engine, StateDir state) throws IOException {
    String admin =
        Docker.run(
            "-H",
            engine.toString(),
            "ps",
            "--quiet",
            "--filter",
            "label=com.docker.swarm.service.name=" + ClusterSession.ADMIN);
    if (!admin.isEmpty()) {
      String container = admin.lines().findFirst().orElseThrow();
      return Optional.of(new DeploymentRecords(stack -> inside(engine, container, stack)));
    }
    return ApiClient.connect(state).map(DeploymentRecords::of);
  }

  /** Of the deployer that answers there. */
  static DeploymentRecords of(ApiClient api) {
    return new DeploymentRecords(stack -> api.list("/api/deployments/" + stack));
  }

  private static JsonNode inside(URI engine, String container, String stack) throws IOException {
    String answer =
        Docker.run(
            "-H", engine.toString(), "exec", container, "bash", "-c", ASK_INSIDE, "bash", stack);
    int body = answer.indexOf("\r\n\r\n");
    if (!answer.startsWith("HTTP/1.") || !answer.contains(" 200 ") || body < 0) {
      throw new IOException("the deployer answers: " + answer.lines().findFirst().orElse(""));
    }
    return Json.mapper().readTree(answer.substring(body));
  }

  /** The newest revision of a stack; 0 if there is none. */
  long revision(String stack) throws IOException, InterruptedException {
    return source.of(stack).path(0).path("revision").asLong();
  }

  /**
   * Waits for the end of the deployment after a revision.
   *
   * @throws IOException if it failed, or there is none within {@code limit}
   */
  Ended after(long revision, String stack, Duration limit)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (System.nanoTime() < end) {
      JsonNode newest = source.of(stack).path(0);
      if (newest.path("revision").asLong() > revision
          && !newest.path("phase").asText().equals("RUNNING")) {
        if (!newest.path("phase").asText().equals("SUCCEEDED")) {
          throw new IOException("the deployment failed: " + newest.path("error").asText());
        }
        return new Ended(
            Instant.parse(newest.path("startedAt").asText()),
            Instant.parse(newest.path("finishedAt").asText()));
      }
      Thread.sleep(TICK);
    }
    throw new IOException("the deployer has no record of it: it did not go through the deployer");
  }
}
