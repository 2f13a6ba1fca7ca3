package dev.skep.deployer.gate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.compose.Dependency.Condition;
import dev.skep.deployer.task.TaskRow;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How far one service is, at one moment, by what the Engine lists of it.
 *
 * @param service its name
 * @param update what Swarm says of its update
 * @param job whether it is one, which is done when its tasks have come to their end
 * @param empty whether it has no number of its own, being one on each node, and no task yet
 * @param wanted how many tasks are to run, or to come to their end
 * @param ready how many of them do, or have
 * @param started whether all that are wanted run, or have come to a good end
 * @param completed whether all that are wanted have come to a good end
 * @param checked whether its spec has a health check
 * @param failed its tasks that came to nothing, newest first within a place, but for those before
 *     this deployment
 * @param gaveUp whether a place's task has failed and Swarm has no other for it
 * @param causes why places without a running task have none, else what failed in places lately: a
 *     line each; a few at most
 */
public record Standing(
    String service,
    Update update,
    boolean job,
    boolean empty,
    long wanted,
    long ready,
    boolean started,
    boolean completed,
    boolean checked,
    List<TaskRow> failed,
    boolean gaveUp,
    List<String> causes) {

  /**
   * What Swarm says of a service's last update.
   *
   * @param words as it says it; "" for nothing
   */
  public record Update(State state, String words) {
    /** Where an update is. */
    public enum State {
      /** There is none, or it has not begun yet. */
      NONE,
      /** It goes on, and Swarm itself stops it if tasks fail. */
      GUARDED,
      /** It goes on, whatever becomes of tasks. */
      UNGUARDED,
      ROLLING_BACK,
      COMPLETED,
      PAUSED,
      ROLLED_BACK
    }

    /** Whether it goes on. */
    public boolean underWay() {
      return state == State.GUARDED || state == State.UNGUARDED || state == State.ROLLING_BACK;
    }
  }

  public Standing {
    failed = List.copyOf(failed);
    causes = List.copyOf(causes);
  }

  /**
   * Reads a service.
   *
   * @param service as the Engine lists it
   * @param tasks all of it, and of no other
   * @param before ids of tasks that had failed before this deployment
   */
  public static Standing of(JsonNode service, List<ServiceTask> tasks, Set<String> before) {
    return new ServiceView(service, tasks, before).standing();
  }

  /** Whether it is as it should be now; whether it stays so is not said. */
  public boolean stable() {
    return !update.underWay() && (job ? completed : started);
  }

  /** Whether what depends on it may begin; where it is {@code empty}, that may come yet. */
  public boolean meets(Condition condition) {
    return switch (condition) {
      // Swarm calls a task running when its health check passes, where it has one.
      case STARTED, HEALTHY -> started && !update.underWay();
      case COMPLETED -> completed;
    };
  }

  /** As {@code 2/3 running} or {@code updating 2/3}. */
  public String words() {
    String counts = ready + "/" + wanted;
    return switch (update.state()) {
      case GUARDED, UNGUARDED -> "updating " + counts;
      case ROLLING_BACK -> "rolling back " + counts;
      case NONE, COMPLETED, PAUSED, ROLLED_BACK -> counts + " " + word();
    };
  }

  /** What tasks that are ready are. */
  private String word() {
    if (job) {
      return "completed";
    }
    return checked ? "healthy" : "running";
  }

  /** The newest task whose container ended badly: its log may say why. */
  public Optional<TaskRow> exited() {
    return failed.stream()
        .filter(row -> row.exitCode() != 0)
        .max(
            Comparator.comparing(
                TaskRow::created, Comparator.nullsFirst(Comparator.<Instant>naturalOrder())));
  }
}
