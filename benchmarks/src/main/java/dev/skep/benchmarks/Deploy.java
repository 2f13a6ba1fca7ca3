package dev.skep.benchmarks;

import dev.skep.benchmarks.BenchStacks.Way;
import dev.skep.benchmarks.DeployFigures.Measure;
import dev.skep.cli.EngineOptions;
import dev.skep.cli.StateOptions;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How long a deployment takes, by Docker's client and by Skep, in turns. */
@Command(
    name = "deploy",
    mixinStandardHelpOptions = true,
    description = "The same stack by docker stack deploy, skep --direct and through the deployer.")
public final class Deploy implements Callable<Integer> {
  private static final String METHOD =
      """
      Method: the same compose files are deployed in turns by `docker stack deploy -d`, by `skep
      stack deploy --direct` and, where a suite runs on the cluster or on this machine, by `skep
      stack deploy` through its deployer; in each round another one begins. The services have no
      replicas: it is the API that is measured, not containers. Digests are asked for as each does
      by default; --resolve-image never leaves the registry out. Times are those of the whole process, from before its start to its end. Of the
      deployer also: from the command being accepted to the answer to its last call (its record),
      and to the last change of a service in Swarm's own store (UpdatedAt; Swarm changes new services
      once more by itself). "process start" is that of the same commands with --help. Medians, (x to
      the client's), [smallest, largest]. Before the first round each way deploys five services that
      are not counted.
      """;

  private static final int WARM_UP = 5;

  /** A start-up cache is made in the background after a build. */
  private static final Duration CACHE_WITHIN = Duration.ofMinutes(1);

  @Mixin private EngineOptions engineOptions;
  @Mixin private StateOptions state;

  @Option(names = "--rounds", defaultValue = "5", description = "how many (${DEFAULT-VALUE})")
  private int rounds;

  @Option(names = "--services", defaultValue = "50", description = "of a stack (${DEFAULT-VALUE})")
  private int services;

  @Option(
      names = "--many",
      defaultValue = "500",
      description = "of a large stack; 0 leaves it out (${DEFAULT-VALUE})")
  private int many;

  @Option(
      names = "--image",
      defaultValue = "haproxy:3.4",
      description = "of all services; no node needs it (${DEFAULT-VALUE})")
  private String image;

  @Option(
      names = "--resolve-image",
      defaultValue = "always",
      description = "as docker stack deploy has it (${DEFAULT-VALUE})")
  private String resolveImage;

  @Option(
      names = "--skep-flag",
      paramLabel = "FLAG",
      description = "a further flag for skep stack deploy; may be repeated")
  private List<String> skepFlags = List.of();

  @Option(
      names = "--timeout",
      defaultValue = "300",
      description = "seconds that one deployment may take (${DEFAULT-VALUE})")
  private int timeoutSeconds;

  @Option(names = "--skep", defaultValue = "${env:SKEP_HOME}/skep", description = "the command")
  private Path skep;

  private final DeployFigures figures = new DeployFigures();
  private Path dir;
  private TimedProcess processes;
  private EngineClient engine;
  private BenchStacks stacks;
  private Optional<DeploymentRecords> records = Optional.empty();

  @Override
  public Integer call() throws Exception {
    System.out.println(METHOD);
    dir = Files.createTempDirectory("skep-bench-deploy");
    processes = new TimedProcess(dir.resolve("log"), Duration.ofSeconds(timeoutSeconds));
    engine = engineOptions.connect();
    OrderlyEnd end = OrderlyEnd.ofThisThread("stacks " + BenchStacks.PREFIX + "*");
    try {
      records = DeploymentRecords.find(engineOptions.host(), state.state());
      if (records.isEmpty()) {
        System.err.println("No suite runs on this cluster or machine: the deployer is left out");
      }
      stacks =
          new BenchStacks(
              engine,
              processes,
              List.of(skep.toString(), "stack"),
              state.state().root(),
              records.isPresent());
      awaitStartUpCache();
      for (Way way : stacks.left()) {
        stacks.remove(way);
      }
      measure();
    } catch (InterruptedException e) {
      System.err.println("Interrupted: cleaning up");
      return 130;
    } finally {
      cleanUp();
      end.close();
    }
    System.out.println(figures.table());
    System.out.printf(
        "deploy rounds=%d services=%d many=%d%s%n", rounds, services, many, figures.line());
    return 0;
  }

  private void measure() throws IOException, InterruptedException {
    List<Way> ways = new ArrayList<>(List.of(Way.values()));
    if (records.isEmpty()) {
      ways.remove(Way.DEPLOYER);
    }
    Path few = file("few", services, 0);
    Path changed = file("changed", services, 1);
    Path large = file("large", many, 0);
    Path warmUp = file("warm-up", WARM_UP, 0);
    for (Way way : ways) {
      deploy(way, warmUp);
      stacks.remove(way);
    }
    for (int round = 1; round <= rounds; round++) {
      for (Way way : List.of(Way.DOCKER, Way.DIRECT)) {
        figures.add("process start", way.wall(), stacks.start(way));
      }
      for (Way way : ways) {
        measured(services + " new", way, few);
        measured("the same " + services, way, few);
        measured("one of " + services + " changed", way, changed);
        stacks.remove(way);
        if (many > 0) {
          measured(many + " new", way, large);
          stacks.remove(way);
        }
      }
      Collections.rotate(ways, -1);
      System.err.println("round " + round + " of " + rounds);
    }
  }

  private Path file(String name, int count, int changed) throws IOException {
    return Files.writeString(dir.resolve(name + ".yml"), DeployFile.of(count, changed, image));
  }

  private void measured(String step, Way way, Path file) throws IOException, InterruptedException {
    if (way != Way.DEPLOYER) {
      figures.add(step, way.wall(), deploy(way, file));
      return;
    }
    DeploymentRecords of = records.orElseThrow();
    long revision = of.revision(BenchStacks.name(way));
    figures.add(step, way.wall(), deploy(way, file));
    DeploymentRecords.Ended ended =
        of.after(revision, BenchStacks.name(way), Duration.ofSeconds(timeoutSeconds));
    figures.add(step, Measure.ACCEPTED, millis(ended.accepted(), ended.finished()));
    Instant last = stacks.lastChange(way);
    if (last.isAfter(ended.accepted())) {
      figures.add(step, Measure.ENGINE, millis(ended.accepted(), last));
    }
  }

  private double deploy(Way way, Path file) throws IOException, InterruptedException {
    List<String> flags = new ArrayList<>(List.of("--resolve-image", resolveImage));
    if (way != Way.DOCKER) {
      flags.addAll(skepFlags);
    }
    return stacks.deploy(way, file, flags);
  }

  private static double millis(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e6;
  }

  /** Without it the first rounds would be slower than the others. */
  private void awaitStartUpCache() throws InterruptedException {
    Path cache = skep.resolveSibling(".build/current/cli.aot");
    long end = System.nanoTime() + CACHE_WITHIN.toNanos();
    while (!Files.exists(cache)) {
      if (System.nanoTime() > end) {
        System.err.println("There is no start-up cache of the command line: " + cache);
        return;
      }
      Thread.sleep(500);
    }
  }

  private void cleanUp() {
    // What was interrupted is over; the removals are not to be.
    var _ = Thread.interrupted();
    for (Way way : stacks == null ? Set.<Way>of() : stacks.begun()) {
      try {
        stacks.remove(way);
      } catch (IOException | EngineException e) {
        System.err.println("Stack " + BenchStacks.name(way) + " may be left: " + e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    engine.close();
    try (var files = Files.list(dir)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(dir);
    } catch (IOException e) {
      System.err.println(dir + " is left: " + e.getMessage());
    }
  }
}
