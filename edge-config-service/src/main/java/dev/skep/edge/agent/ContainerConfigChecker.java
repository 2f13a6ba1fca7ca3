package dev.skep.edge.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.engine.ExecResult;
import dev.skep.engine.Filters;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Checks with the program in a running HAProxy's own container on this node. */
public final class ContainerConfigChecker implements ConfigChecker {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final EngineClient engine;
  private final Filters container;

  /**
   * A checker in the container of a Swarm service's task.
   *
   * @param engine this node's
   * @param service the service's name
   */
  public ContainerConfigChecker(EngineClient engine, String service) {
    this(engine, Filters.of("label", "com.docker.swarm.service.name=" + service));
  }

  /** A checker in the first running container that passes these filters. */
  public ContainerConfigChecker(EngineClient engine, Filters container) {
    this.engine = engine;
    this.container = container.and("status", "running");
  }

  @Override
  public Optional<String> check(String file) throws UnavailableException {
    try {
      JsonNode found = engine.containers(container);
      if (found.isEmpty()) {
        throw new UnavailableException("no container of HAProxy runs on this node", null);
      }
      ExecResult result =
          engine.execInContainer(
              found.get(0).path("Id").asText(), List.of("haproxy", "-c", "-f", file), TIMEOUT);
      return switch (result.exitCode()) {
        case 0 -> Optional.empty();
        case 1 -> Optional.of((result.stdout() + result.stderr()).strip());
        // It was not run, or killed with its container: that says nothing of the configuration.
        default ->
            throw new UnavailableException(
                "the check in HAProxy's container ended with " + result.exitCode(), null);
      };
    } catch (EngineException e) {
      throw new UnavailableException(e.getMessage(), e);
    }
  }
}
