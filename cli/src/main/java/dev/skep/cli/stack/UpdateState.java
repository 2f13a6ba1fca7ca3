package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** How far the update of a service is, as Swarm tells. */
enum UpdateState {
  NOT_BEGUN,
  UNDER_WAY,
  DONE,
  FAILED;

  /**
   * Reads a service's UpdateStatus.
   *
   * @param service with its ServiceStatus
   * @param before when the update before this one was begun, as {@link #startedAt} gives it: what
   *     Swarm tells of that one says nothing
   */
  static UpdateState of(JsonNode service, String before) {
    JsonNode status = service.path("UpdateStatus");
    String state = status.path("State").asText("");
    if (state.isEmpty() || startedAt(service).equals(before)) {
      // Where nothing runs there is nothing to replace, and Swarm begins no update.
      boolean nothing = service.at("/ServiceStatus/DesiredTasks").asLong(-1) == 0;
      return nothing ? DONE : NOT_BEGUN;
    }
    return switch (state) {
      case "completed" -> DONE;
      case "paused", "rollback_paused", "rollback_completed" -> FAILED;
      default -> UNDER_WAY;
    };
  }

  /** When a service's last update was begun, in Swarm's words; "never" if there was none. */
  static String startedAt(JsonNode service) {
    return service.path("UpdateStatus").path("StartedAt").asText("never");
  }

  /** When a service's last update was begun, by Swarm's clock; null if there was none. */
  static Instant begun(JsonNode service) {
    try {
      return Instant.parse(startedAt(service));
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** What Swarm says of the last update: its state and why; "" if it says nothing. */
  static String words(JsonNode service) {
    JsonNode status = service.path("UpdateStatus");
    String state = status.path("State").asText("").replace('_', ' ');
    String message = status.path("Message").asText("");
    return message.isEmpty() ? state : state + ": " + message;
  }
}
