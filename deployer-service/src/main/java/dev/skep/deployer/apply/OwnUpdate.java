package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.engine.EngineClient;
import dev.skep.engine.Filters;
import dev.skep.model.stack.Deployment.Step;
import java.util.Optional;

/**
 * How far the update of the deployer's own service is. The process that began it may be gone, so
 * all that is known of it is the step that was written down before, with the version that the
 * service had then.
 *
 * @param state where it is
 * @param message why it failed; "" otherwise
 */
public record OwnUpdate(State state, String message) {
  private static final String FROM = "from version ";

  /** Where the update is. */
  public enum State {
    /** It was written down, but never asked of the Engine. */
    NOT_BEGUN,
    RUNNING,
    /**
     * Swarm knows of no update and its tasks run: it has nothing to replace, or has not begun yet.
     */
    QUIET,
    SUCCEEDED,
    FAILED
  }

  /** The step to be written down before the update. */
  static Step begun(String service, long version) {
    return new Step("service", service, ApplyResult.UPDATING, FROM + version);
  }

  /** The step of an own update that was written down, if there is one. */
  public static Optional<Step> in(Iterable<Step> steps) {
    for (Step step : steps) {
      if (step.action().equals(ApplyResult.UPDATING)) {
        return Optional.of(step);
      }
    }
    return Optional.empty();
  }

  static OwnUpdate read(EngineClient engine, Step begun) {
    for (JsonNode service : engine.services(true, Filters.of("name", begun.name()))) {
      if (service.path("Spec").path("Name").asText().equals(begun.name())) {
        return of(service, begun);
      }
    }
    return new OwnUpdate(State.FAILED, "the service is gone");
  }

  static OwnUpdate of(JsonNode service, Step begun) {
    String now = FROM + service.path("Version").path("Index").asLong();
    if (begun.detail().equals(now)) {
      return new OwnUpdate(State.NOT_BEGUN, "");
    }
    boolean untold = service.path("UpdateStatus").path("State").asText().isEmpty();
    return switch (Convergence.state(service, false)) {
      case PENDING -> new OwnUpdate(State.RUNNING, "");
      case DONE -> new OwnUpdate(untold ? State.QUIET : State.SUCCEEDED, "");
      case FAILED -> new OwnUpdate(State.FAILED, Convergence.said(service));
    };
  }
}
