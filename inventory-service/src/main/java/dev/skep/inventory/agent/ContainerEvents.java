package dev.skep.inventory.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.cluster.Observation;
import dev.skep.model.cluster.Observation.Kind;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The Engine's container events as observations. Pure. */
final class ContainerEvents {
  static final String TASK_ID = "com.docker.swarm.task.id";

  /** Signals that end a process unless it does something about it: HUP is not one, by custom. */
  private static final Set<String> ENDING = Set.of("INT", "QUIT", "KILL", "TERM");

  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("1", "HUP"),
          Map.entry("2", "INT"),
          Map.entry("3", "QUIT"),
          Map.entry("9", "KILL"),
          Map.entry("10", "USR1"),
          Map.entry("12", "USR2"),
          Map.entry("15", "TERM"),
          Map.entry("28", "WINCH"));

  private ContainerEvents() {}

  /** What an event's reading of its container may have to tell. */
  interface Container {
    /** Whether it has a health check; null if that cannot be told. */
    Boolean healthcheck(String containerId);

    /** The signal that asks it to end, as its image or service has it; "" for the usual TERM. */
    String stopSignal(String containerId);
  }

  /** The observation of an event; empty if it is none of a Swarm task, or tells nothing. */
  static Optional<Observation> observation(JsonNode event, String nodeId, Container container) {
    JsonNode attributes = event.path("Actor").path("Attributes");
    String taskId = attributes.path(TASK_ID).asText("");
    String containerId = event.path("Actor").path("ID").asText("");
    if (taskId.isEmpty() || containerId.isEmpty()) {
      return Optional.empty();
    }
    Kind kind = kind(event.path("Action").asText(""));
    String signal = attributes.path("signal").asText("");
    if (kind == null || (kind == Kind.KILL && !ends(signal, containerId, container))) {
      return Optional.empty();
    }
    Integer exitCode = kind == Kind.DIE ? attributes.path("exitCode").asInt() : null;
    Boolean healthcheck = kind == Kind.START ? container.healthcheck(containerId) : null;
    long nanos = event.path("timeNano").asLong();
    return Optional.of(
        new Observation(
            nodeId,
            kind,
            taskId,
            containerId,
            exitCode,
            healthcheck,
            Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000)));
  }

  /** What an element of GET /containers/json tells; empty if nothing, as its check has not run. */
  static Optional<Observation> observation(JsonNode listed, String nodeId, Instant now) {
    String taskId = listed.path("Labels").path(TASK_ID).asText("");
    if (taskId.isEmpty() || !listed.path("State").asText("").equals("running")) {
      return Optional.empty();
    }
    String status = listed.path("Status").asText("");
    if (status.contains("(health: starting)")) {
      return Optional.empty();
    }
    Kind kind =
        status.contains("(unhealthy)")
            ? Kind.UNHEALTHY
            : status.contains("(healthy)") ? Kind.HEALTHY : Kind.START;
    return Optional.of(
        new Observation(
            nodeId,
            kind,
            taskId,
            listed.path("Id").asText(""),
            null,
            kind == Kind.START ? Boolean.FALSE : null,
            now));
  }

  private static Kind kind(String action) {
    return switch (action) {
      case "start" -> Kind.START;
      case "health_status: healthy" -> Kind.HEALTHY;
      case "health_status: unhealthy" -> Kind.UNHEALTHY;
      case "kill" -> Kind.KILL;
      case "oom" -> Kind.OOM;
      case "die" -> Kind.DIE;
      default -> null;
    };
  }

  /** Signals that are none of the usual ends may be this container's own: HAProxy's is USR1. */
  private static boolean ends(String signal, String containerId, Container container) {
    String name = name(signal);
    return ENDING.contains(name) || name.equals(name(container.stopSignal(containerId)));
  }

  private static String name(String signal) {
    String upper = signal.toUpperCase(Locale.ROOT).replaceFirst("^SIG", "");
    return NAMES.getOrDefault(upper, upper);
  }
}
