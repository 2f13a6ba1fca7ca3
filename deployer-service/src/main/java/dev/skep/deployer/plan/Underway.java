package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Tells whether Swarm is at work on a service: what it will be like is not known yet. */
public final class Underway {
  /** One that cannot place a task never ends by itself. */
  static final Duration LONGEST = Duration.ofMinutes(10);

  private Underway() {}

  /** Whether an update, or its rollback, goes on, and has not for longer than ten minutes. */
  public static boolean is(JsonNode service, Instant now) {
    JsonNode status = service.path("UpdateStatus");
    return switch (status.path("State").asText()) {
      case "updating", "rollback_started" ->
          begun(status.path("StartedAt").asText()).plus(LONGEST).isAfter(now);
      default -> false;
    };
  }

  private static Instant begun(String time) {
    try {
      return Instant.parse(time);
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }
}
