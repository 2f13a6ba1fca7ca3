package dev.skep.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.benchmarks.DeployFigures.Measure;
import dev.skep.deployer.apply.Applier;
import dev.skep.deployer.convert.Namespace;
import dev.skep.engine.EngineClient;
import dev.skep.engine.Filters;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The stacks of the benchmark {@code deploy}: one of each who deploys. */
final class BenchStacks {
  static final String PREFIX = "bench-deploy-";

  /** Who deploys. */
  enum Way {
    DOCKER(Measure.DOCKER),
    DIRECT(Measure.DIRECT),
    DEPLOYER(Measure.WALL);

    private final Measure wall;

    Way(Measure wall) {
      this.wall = wall;
    }

    /** As what the time of its process is told. */
    Measure wall() {
      return wall;
    }

    private String stack() {
      return PREFIX + name().toLowerCase(Locale.ROOT);
    }
  }

  private final EngineClient engine;
  private final TimedProcess processes;
  private final List<String> skepStack;
  private final Path stateDir;
  private final boolean deployer;

  /** Those whose stack may be there, or may come yet. */
  private final Set<Way> begun = EnumSet.noneOf(Way.class);

  /**
   * Does nothing yet.
   *
   * @param skepStack the command {@code skep stack}
   * @param deployer whether there is one
   */
  BenchStacks(
      EngineClient engine,
      TimedProcess processes,
      List<String> skepStack,
      Path stateDir,
      boolean deployer) {
    this.engine = engine;
    this.processes = processes;
    this.skepStack = List.copyOf(skepStack);
    this.stateDir = stateDir;
    this.deployer = deployer;
  }

  static String name(Way way) {
    return way.stack();
  }

  /** Deploys; the milliseconds of the process. */
  double deploy(Way way, Path file, List<String> flags) throws IOException, InterruptedException {
    begun.add(way);
    List<String> command = new ArrayList<>();
    switch (way) {
      case DOCKER ->
          command.addAll(
              List.of("docker", "-H", engine.config().host().toString(), "stack", "deploy", "-d"));
      case DIRECT -> command.addAll(skep("deploy", "--direct"));
      case DEPLOYER -> command.addAll(skep("deploy"));
    }
    command.addAll(flags);
    command.addAll(List.of("-c", file.toString(), way.stack()));
    return processes.run(command);
  }

  /** Starts what deploys and lets it do nothing; the milliseconds of the process. */
  double start(Way way) throws IOException, InterruptedException {
    return processes.run(
        way == Way.DOCKER
            ? List.of("docker", "stack", "deploy", "--help")
            : List.of(skepStack.getFirst(), "stack", "deploy", "--help"));
  }

  private List<String> skep(String... words) {
    List<String> command = new ArrayList<>(skepStack);
    command.addAll(List.of(words));
    command.addAll(List.of("--host", engine.config().host().toString()));
    command.addAll(List.of("--state-dir", stateDir.toString()));
    return command;
  }

  /** Takes a stack away; what the deployer has deployed it must remove, too. */
  void remove(Way way) throws IOException, InterruptedException {
    if (way == Way.DEPLOYER && deployer) {
      List<String> command = skep("rm");
      command.add(way.stack());
      processes.run(command);
    }
    new Applier(engine).remove(way.stack(), step -> {});
    begun.remove(way);
  }

  /** Those that were deployed and not removed. */
  Set<Way> begun() {
    return EnumSet.copyOf(begun);
  }

  /** Those of which an earlier run has left something. */
  Set<Way> left() {
    for (Way way : Way.values()) {
      if (!engine.services(false, of(way)).isEmpty() || !engine.networks(of(way)).isEmpty()) {
        begun.add(way);
      }
    }
    return begun();
  }

  /** When a service of a stack last changed in Swarm's store. */
  Instant lastChange(Way way) {
    Instant last = Instant.EPOCH;
    for (JsonNode service : engine.services(false, of(way))) {
      Instant updated = Instant.parse(service.path("UpdatedAt").asText());
      last = updated.isAfter(last) ? updated : last;
    }
    return last;
  }

  private static Filters of(Way way) {
    return Filters.of("label", Namespace.LABEL + "=" + way.stack());
  }
}
