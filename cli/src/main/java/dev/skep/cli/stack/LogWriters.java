package dev.skep.cli.stack;

import dev.skep.deployer.task.TaskList;
import dev.skep.deployer.task.TaskRow;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.engine.Filters;
import dev.skep.engine.LogLine;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Who writes a log's lines: {@code service.slot@node}. Tasks that come later are looked up. */
final class LogWriters {
  private static final int SHORT_ID = 12;

  private final EngineClient engine;
  private final Map<String, String> services;
  private final Map<String, String> names = new ConcurrentHashMap<>();

  /**
   * Writers of some services.
   *
   * @param services id to full name
   */
  LogWriters(EngineClient engine, Map<String, String> services) {
    this.engine = engine;
    this.services = services;
    read();
  }

  private synchronized void read() {
    List<TaskRow> rows =
        TaskList.of(
            engine.tasks(Filters.of("service", services.keySet())),
            services,
            TaskList.hostnames(engine.nodes()));
    for (TaskRow row : rows) {
      if (!row.nodeId().isEmpty()) {
        names.put(row.id(), name(row));
      }
    }
  }

  /** A task as the writer of lines. */
  static String name(TaskRow row) {
    return row.slot() > 0 ? row.name() + "@" + row.node() : row.service() + "@" + row.node();
  }

  /** The length of the longest name so far. */
  int width() {
    return names.values().stream().mapToInt(String::length).max().orElse(0);
  }

  /** Who wrote a line. */
  String of(String service, LogLine line) {
    String task = line.taskId();
    if (task.isEmpty()) {
      return service;
    }
    String name = names.get(task);
    if (name != null) {
      return name;
    }
    try {
      read();
    } catch (EngineException e) {
      // The line is worth more than its writer's name.
    }
    // Swarm may have forgotten a task of which the node still has the log.
    return names.computeIfAbsent(
        task, id -> service + "." + id.substring(0, Math.min(SHORT_ID, id.length())));
  }
}
