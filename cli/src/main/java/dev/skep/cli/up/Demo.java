package dev.skep.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.ApiClient;
import dev.skep.cli.CliException;
import dev.skep.cli.Names;
import dev.skep.cli.Progress;
import dev.skep.cli.stack.StackFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The small stack of {@code up --demo}. */
final class Demo {
  /** The name under which the demo is served. */
  static final String HOST = "whoami.localhost";

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final ApiClient api;
  private final Progress progress;
  private final UpOptions options;

  Demo(ApiClient api, Progress progress, UpOptions options) {
    this.api = api;
    this.progress = progress;
    this.options = options;
  }

  void deploy() throws Exception {
    Await await = new Await(api);
    progress.step(
        "deploying the demo stack",
        () -> StackFiles.deploy(api, Names.DEMO_STACK, List.of(file()), PATIENCE, line -> {}));
    progress.step(
        "waiting for its route and certificate",
        () -> {
          await.until(
              "the demo's routes were not accepted: see /api/routes",
              PATIENCE,
              "/api/routes",
              routes -> Await.routesAccepted(routes, Names.DEMO_STACK + "_whoami"));
          return await.until(
              "the demo's certificate did not reach the edge: see /api/certificates",
              PATIENCE,
              "/api/edges",
              Demo::certificateServed);
        });
    progress.step(
        "asking the demo for an answer",
        () -> {
          TlsProbe probe = new TlsProbe("127.0.0.1", options.httpsPort());
          probe.untilOk(HOST, PATIENCE);
          return null;
        });
  }

  private static boolean certificateServed(JsonNode edges) {
    for (JsonNode edge : edges) {
      if (edge.path("certificates").has(HOST)) {
        return true;
      }
    }
    return false;
  }

  private static Path file() {
    String home = System.getenv("SKEP_HOME");
    if (home == null) {
      throw new CliException("SKEP_HOME is not set: start through ./skep");
    }
    return Path.of(home, "demo", "whoami.yml");
  }
}
