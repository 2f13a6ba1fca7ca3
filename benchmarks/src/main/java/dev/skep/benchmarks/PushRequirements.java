package dev.skep.benchmarks;

import dev.skep.deployer.direct.RevisionConfigs;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the benchmark {@code push-latency} needs, and must not find. */
final class PushRequirements {
  private PushRequirements() {}

  /** Why it cannot, or should not, be run here, and what to do; "" if it can. */
  static String missing(EngineClient engine) {
    List<String> programs = new ArrayList<>(PushedRepository.PROGRAMS);
    programs.add("docker");
    programs.removeIf(PushRequirements::isOnPath);
    if (!programs.isEmpty()) {
      return "Not on the PATH: %s. Install what is missing".formatted(String.join(", ", programs));
    }
    String host = engine.config().host().toString();
    if (!host.startsWith("unix:")) {
      return "%s may be another machine, with another clock: use this machine's Engine"
          .formatted(host);
    }
    try {
      if (!engine.info().path("Swarm").path("ControlAvailable").asBoolean()) {
        return "The Engine at %s is no manager of a Swarm: docker swarm init".formatted(host);
      }
      // This deployer, too, would take them over, and they would be gone with it.
      if (!new RevisionConfigs(engine).all().isEmpty()) {
        return ("The cluster at %s keeps revisions of stacks that were deployed without a deployer;"
                + " the benchmark's own would take them over and forget them: use another cluster")
            .formatted(host);
      }
    } catch (EngineException e) {
      return "The Engine at %s cannot be used: %s".formatted(host, e.getMessage());
    }
    return "";
  }

  private static boolean isOnPath(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
  }
}
