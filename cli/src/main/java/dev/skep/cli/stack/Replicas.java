package dev.skep.cli.stack;

import dev.skep.deployer.task.TaskRow;
import java.util.List;
import java.util.Set;

/**
 * How far a service is on the way to a number of tasks.
 *
 * @param running tasks that run and are meant to
 * @param ending tasks that are to end, and have not
 */
record Replicas(long wanted, long running, long ending) {
  /**
   * Counts tasks.
   *
   * @param rows of one service
   * @param lost ids of nodes that are down, of which Swarm cannot know whether tasks have ended
   */
  static Replicas of(long wanted, List<TaskRow> rows, Set<String> lost) {
    long running = rows.stream().filter(row -> row.current() && row.running()).count();
    long ending =
        rows.stream()
            .filter(row -> !row.current() && !row.ended())
            .filter(row -> !row.nodeId().isEmpty() && !lost.contains(row.nodeId()))
            .count();
    return new Replicas(wanted, running, ending);
  }

  /** Whether there is nothing left to wait for. */
  boolean reached() {
    return running == wanted && ending == 0;
  }

  /** As a line tells it. */
  String words() {
    String text = "%d of %d running".formatted(running, wanted);
    return ending == 0 ? text : text + ", %d ending".formatted(ending);
  }
}
