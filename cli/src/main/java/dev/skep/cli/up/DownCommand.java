package dev.skep.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.ApiClient;
import dev.skep.cli.Names;
import dev.skep.cli.OwnFiles;
import dev.skep.cli.Progress;
import dev.skep.cli.StateDir;
import dev.skep.cli.StateOptions;
import dev.skep.cli.stack.StackFiles;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.engine.EngineException;
import dev.skep.engine.Filters;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Stops what {@code up} started, and nothing else. */
@Command(
    name = "down",
    mixinStandardHelpOptions = true,
    description = "Stop what up started, and only that.")
public final class DownCommand implements Callable<Integer> {
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);
  private static final Duration DEMO_PATIENCE = Duration.ofSeconds(30);
  private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(60);

  @Mixin StateOptions stateOptions;

  @Option(names = "--purge", description = "remove data, keys and certificates too")
  private boolean purge;

  private final Progress progress = new Progress(System.out);

  @Override
  public Integer call() throws Exception {
    StateDir state = stateOptions.state();
    if (!Files.isDirectory(state.root())) {
      System.out.println("nothing to stop: " + state.root() + " does not exist");
      return 0;
    }
    UpOptions options = UpOptions.remembered(state);
    if (state.current().isPresent()) {
      removeDemo(state, options);
      progress.step("stopping the suite", () -> new Daemon(state).stop(STOP_PATIENCE));
    } else {
      progress.say("the suite is not running");
    }
    try (EngineClient engine =
        EngineClient.connect(EngineConfig.of(URI.create(options.engine())))) {
      removeFromCluster(engine);
    } catch (EngineException e) {
      if (!e.isUnreachable()) {
        throw e;
      }
      progress.say("the Engine does not answer: what runs on it was left as it is");
    }
    if (purge) {
      purge(state, options);
    }
    return 0;
  }

  /** Through the deployer while it runs, so that it does not miss the demo at the next start. */
  private void removeDemo(StateDir state, UpOptions options) throws InterruptedException {
    try (ApiClient api = ApiClient.connect(state).orElseThrow();
        EngineClient engine = EngineClient.connect(EngineConfig.of(URI.create(options.engine())))) {
      if (DemoStack.find(engine) == DemoStack.OURS
          && api.get("/api/stacks/" + Names.DEMO_STACK).ok()) {
        progress.step(
            "removing the stack " + Names.DEMO_STACK,
            () -> StackFiles.remove(api, Names.DEMO_STACK, DEMO_PATIENCE, line -> {}));
      }
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      progress.say("it will be removed without the suite: " + e.getMessage());
    }
  }

  private void removeFromCluster(EngineClient engine) throws Exception {
    Optional<JsonNode> proxy = Preflight.ourProxy(engine);
    if (DemoStack.find(engine) == DemoStack.OURS) {
      progress.step(
          "removing the stack " + Names.DEMO_STACK,
          () -> {
            StackFiles.remove(engine, Names.DEMO_STACK, line -> {});
            return null;
          });
    }
    if (proxy.isPresent()) {
      progress.step(
          "removing the service " + Names.HAPROXY,
          () -> {
            engine.removeService(proxy.get().path("ID").asText());
            untilTasksEnd(engine);
            return null;
          });
    }
    Optional<JsonNode> network =
        engine
            .networks()
            .valueStream()
            .filter(n -> n.path("Name").asText().equals(Names.EDGE_NETWORK))
            .filter(n -> n.path("Labels").has(Names.PART))
            .findFirst();
    if (network.isPresent()) {
      removeNetwork(engine, network.get());
    }
  }

  private void untilTasksEnd(EngineClient engine) throws InterruptedException {
    long deadline = System.nanoTime() + DRAIN_PATIENCE.toNanos();
    Filters ours = Filters.of("label", "com.docker.swarm.service.name=" + Names.HAPROXY);
    while (System.nanoTime() < deadline) {
      if (engine.containers(ours).isEmpty()) {
        return;
      }
      Thread.sleep(100);
    }
    progress.say("the proxy's container is still there; the Engine removes it when it ends");
  }

  private void removeNetwork(EngineClient engine, JsonNode network) throws Exception {
    boolean used =
        engine
            .services(false)
            .valueStream()
            .anyMatch(
                s ->
                    s.path("Spec")
                        .path("TaskTemplate")
                        .path("Networks")
                        .findValuesAsText("Target")
                        .contains(network.path("Id").asText()));
    if (used) {
      progress.say("the network " + Names.EDGE_NETWORK + " stays: other services use it");
      return;
    }
    progress.step(
        "removing the network " + Names.EDGE_NETWORK,
        () -> {
          long deadline = System.nanoTime() + DRAIN_PATIENCE.toNanos();
          while (true) {
            try {
              engine.removeNetwork(network.path("Id").asText());
              return null;
            } catch (EngineException e) {
              // The Engine frees a network a moment after the last container has gone.
              if (System.nanoTime() > deadline || e.isUnreachable()) {
                throw e;
              }
              Thread.sleep(200);
            }
          }
        });
  }

  private void purge(StateDir state, UpOptions options) throws Exception {
    for (OwnFiles files : List.of(OwnFiles.ofEdge(options.edgeDir()), state.files())) {
      List<Path> others = progress.step("deleting what is Skep's in " + files.dir(), files::delete);
      if (!others.isEmpty()) {
        progress.say(files.dir() + " stays: it holds " + others + ", not Skep's");
      }
    }
  }
}
