package dev.skep.engine;

/**
 * One line of a service's log.
 *
 * @param source which of the container's streams it came from
 * @param timestamp when the Engine received it, in RFC 3339 as the Engine writes it; "" unless
 *     asked for
 * @param taskId the task that wrote it; "" if the Engine does not say
 * @param nodeId the node of that task; "" if the Engine does not say
 * @param text the line without its end
 */
public record LogLine(Source source, String timestamp, String taskId, String nodeId, String text) {
  /** Where a line came from. */
  public enum Source {
    STDOUT,
    STDERR,
    /** The Engine itself, on what it could not read. */
    ENGINE
  }
}
