package dev.skep.model.stack;

import java.time.Instant;
import java.util.List;

/**
 * One attempt to bring a stack to a revision.
 *
 * @param command the id of the command that asked for it
 * @param by who asked, as its token names them
 * @param steps what was done to which object, in order
 * @param error why it failed; "" unless {@link Phase#FAILED}
 * @param finishedAt null while it runs
 */
public record Deployment(
    String stack,
    long revision,
    String command,
    String by,
    Phase phase,
    List<Step> steps,
    String error,
    Instant startedAt,
    Instant finishedAt) {

  /** Where a deployment is. */
  public enum Phase {
    RUNNING,
    SUCCEEDED,
    FAILED
  }

  /**
   * What was done to one object.
   *
   * @param kind service, network, secret, config; stack for what is of no one object
   * @param action created, updated, unchanged, removed, held, skipped, unsettled, failed; updating,
   *     awaited, settled while it runs; of the stack rolling-back, warned
   * @param detail "" or why; of several lines, the first is the sum
   */
  public record Step(String kind, String name, String action, String detail) {}

  public Deployment {
    steps = steps == null ? List.of() : List.copyOf(steps);
    error = error == null ? "" : error;
  }

  /** The record's key in the topic. */
  public String key() {
    return stack + "/" + revision;
  }
}
