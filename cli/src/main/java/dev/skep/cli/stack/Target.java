package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.ApiClient;
import dev.skep.cli.CliException;
import dev.skep.cli.EngineOptions;
import dev.skep.cli.StateOptions;
import dev.skep.cli.cluster.ClusterSession;
import dev.skep.cli.cluster.InCluster;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.engine.Filters;
import dev.skep.model.Json;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Where a stack goes:
 *
 * <ol>
 *   <li>with {@code --direct}, straight to the Engine
 *   <li>inside the cluster, to its deployer
 *   <li>to the deployer of the stack on the cluster, through the admin container on that node
 *   <li>to the all-in-one of this machine, if it works on the same Engine
 *   <li>else straight to the Engine
 * </ol>
 */
final class Target {
  /** An admin container that is being replaced is back in seconds. */
  private static final Duration ADMIN_WITHIN = Duration.ofSeconds(30);

  private static final Duration TICK = Duration.ofMillis(500);

  @Option(names = "--direct", description = "straight to the Engine, without the suite's deployer")
  private boolean direct;

  @Mixin private EngineOptions engine;
  @Mixin private StateOptions state;

  /** What is done with each kind of target. */
  interface Visitor {
    int inside(ThroughCluster cluster, ClusterSession session) throws Exception;

    int api(ApiClient api) throws Exception;

    int engine(EngineClient engine) throws Exception;
  }

  int go(Visitor visitor) throws Exception {
    if (!direct && InCluster.from(System.getenv()).isPresent()) {
      try (ApiClient api = ApiClient.connect(state.state()).orElseThrow()) {
        return visitor.api(api);
      }
    }
    try (EngineClient client = engine.connect()) {
      if (direct) {
        return visitor.engine(client);
      }
      Optional<ClusterSession> session = session(client);
      if (session.isPresent()) {
        return visitor.inside(new ThroughCluster(client, System.out, System.err), session.get());
      }
      Optional<ApiClient> local = local();
      if (local.isEmpty()) {
        return visitor.engine(client);
      }
      try (ApiClient api = local.get()) {
        return visitor.api(api);
      }
    }
  }

  /** The all-in-one of this machine, unless it works on another Engine than the one asked for. */
  private Optional<ApiClient> local() {
    JsonNode options;
    try {
      options = Json.mapper().readTree(state.state().options().toFile());
    } catch (IOException e) {
      return Optional.empty();
    }
    return same(URI.create(options.path("engine").asText()), engine.host())
        ? ApiClient.connect(state.state())
        : Optional.empty();
  }

  private static boolean same(URI a, URI b) {
    return plain(a).equals(plain(b));
  }

  /** /var/run is /run. */
  private static String plain(URI engine) {
    return engine.toString().replaceFirst("^unix:///var/run/", "unix:///run/");
  }

  private Optional<ClusterSession> session(EngineClient client) throws InterruptedException {
    long end = System.nanoTime() + ADMIN_WITHIN.toNanos();
    while (true) {
      Optional<ClusterSession> found;
      try {
        found = ClusterSession.find(client);
        if (found.isPresent() || !adminExists(client)) {
          return found;
        }
      } catch (EngineException e) {
        // Told by who needs the Engine; the all-in-one of this machine may not.
        return Optional.empty();
      }
      if (System.nanoTime() > end) {
        throw new CliException(
            "the suite is on this cluster, but no container of its service %s runs on this node: use"
                    .formatted(ClusterSession.ADMIN)
                + " a manager's Engine (--host), or --direct to go without the deployer");
      }
      Thread.sleep(TICK);
    }
  }

  private static boolean adminExists(EngineClient client) {
    return client
        .services(false, Filters.of("name", ClusterSession.ADMIN))
        .valueStream()
        .anyMatch(s -> s.path("Spec").path("Name").asText().equals(ClusterSession.ADMIN));
  }
}
