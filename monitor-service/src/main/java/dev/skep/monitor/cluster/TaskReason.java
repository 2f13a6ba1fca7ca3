package dev.skep.monitor.cluster;

import dev.skep.model.cluster.Task;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Why a task ended or finds no place: a small set, because the Engine's own words are free text and
 * would make a new time series each.
 */
public enum TaskReason {
  OOM,
  EXIT,
  HEALTH,
  IMAGE,
  PORT,
  MOUNT,
  CONSTRAINTS,
  RESOURCES,
  OTHER;

  private static final Pattern OUT_OF_MEMORY =
      Pattern.compile("\\boom(-?killed)?\\b|out of memory", Pattern.CASE_INSENSITIVE);

  /** The value of the {@code reason} label. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Why an ended task ended, from the Engine's error text and the exit code. The order matters: an
   * unhealthy container is killed, so its text also speaks of a non-zero exit.
   */
  public static TaskReason ofEnd(Task task) {
    String error = task.error().toLowerCase(Locale.ROOT);
    if (error.contains("unhealthy")) {
      return HEALTH;
    }
    if (OUT_OF_MEMORY.matcher(error).find()
        || OUT_OF_MEMORY.matcher(task.message().toLowerCase(Locale.ROOT)).find()) {
      return OOM;
    }
    if (error.contains("no such image")
        || error.contains("pull access denied")
        || error.contains("manifest unknown")
        || error.contains("image not found")) {
      return IMAGE;
    }
    Optional<TaskReason> placement = placement(error);
    if (placement.isPresent()) {
      return placement.get();
    }
    if (error.contains("mount") || error.contains("bind source path") || error.contains("volume")) {
      return MOUNT;
    }
    return error.contains("non-zero exit") || task.exitCode() != null ? EXIT : OTHER;
  }

  /**
   * Why a task cannot be placed; empty if it is placed, is not wanted, or merely waits for the
   * scheduler's next turn (which leaves the error empty).
   */
  public static Optional<TaskReason> ofUnplaceable(Task task) {
    if (task.state().compareTo(Task.State.PENDING) > 0 || !task.wanted()) {
      return Optional.empty();
    }
    String error = task.error().toLowerCase(Locale.ROOT);
    return error.contains("no suitable node")
        ? Optional.of(placement(error).orElse(OTHER))
        : Optional.empty();
  }

  private static Optional<TaskReason> placement(String error) {
    if (error.contains("port already in use")
        || error.contains("port is already allocated")
        || error.contains("address already in use")) {
      return Optional.of(PORT);
    }
    if (error.contains("insufficient resources")) {
      return Optional.of(RESOURCES);
    }
    return error.contains("constraints") ? Optional.of(CONSTRAINTS) : Optional.empty();
  }
}
