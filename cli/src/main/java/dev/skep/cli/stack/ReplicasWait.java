package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.CliException;
import dev.skep.deployer.task.TaskList;
import dev.skep.deployer.task.TaskRow;
import dev.skep.engine.EngineClient;
import dev.skep.engine.Filters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Waits until services have as many tasks as they were scaled to. */
final class ReplicasWait {
  /** A task that crashes at once is seen running for a moment. */
  private static final Duration SETTLED = Duration.ofSeconds(2);

  private static final Duration TICK = Duration.ofMillis(500);

  private final EngineClient engine;
  private final Consumer<String> tell;

  /** Those that are waited for, by id. */
  private final Map<String, Scaling> waiting = new TreeMap<>();

  private final Map<String, Replicas> last = new HashMap<>();

  /** Since when a service has what it shall have, by {@link System#nanoTime}. */
  private final Map<String, Long> reached = new HashMap<>();

  private final List<String> failures = new ArrayList<>();

  /**
   * A wait.
   *
   * @param tell gets a line whenever a number changes
   */
  ReplicasWait(EngineClient engine, Consumer<String> tell) {
    this.engine = engine;
    this.tell = tell;
  }

  /**
   * Waits.
   *
   * @param patience at most so long
   * @throws CliException with the tasks' errors, if not all came about
   */
  void await(List<Scaling> scalings, Duration patience) throws InterruptedException {
    scalings.forEach(s -> waiting.put(s.id(), s));
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      dropTheChanged();
      if (waiting.isEmpty()) {
        break;
      }
      JsonNode nodes = engine.nodes();
      Map<String, List<TaskRow>> rows = rows(nodes);
      for (Scaling scaling : List.copyOf(waiting.values())) {
        look(scaling, rows.getOrDefault(scaling.service(), List.of()), lost(nodes));
      }
      if (System.nanoTime() - end > 0) {
        waiting.values().forEach(s -> failures.add(late(s, rows, patience)));
        break;
      }
      Thread.sleep(TICK);
    }
    if (!failures.isEmpty()) {
      throw new CliException(String.join("\nskep: ", failures));
    }
  }

  /** What was removed, or scaled by somebody else, will never come about. */
  private void dropTheChanged() {
    if (waiting.isEmpty()) {
      return;
    }
    Map<String, Long> live = new HashMap<>();
    for (JsonNode service : engine.services(false, Filters.of("id", waiting.keySet()))) {
      live.put(service.path("ID").asText(), Scaling.replicasOf(service.path("Spec")));
    }
    for (Scaling scaling : List.copyOf(waiting.values())) {
      Long replicas = live.get(scaling.id());
      if (replicas == null) {
        fail(scaling, "was removed meanwhile");
      } else if (replicas != scaling.replicas()) {
        fail(scaling, "was scaled to %d meanwhile, by somebody else".formatted(replicas));
      }
    }
  }

  private void fail(Scaling scaling, String why) {
    waiting.remove(scaling.id());
    failures.add("service " + scaling.service() + " " + why);
  }

  private Map<String, List<TaskRow>> rows(JsonNode nodes) {
    Map<String, String> services = new HashMap<>();
    waiting.values().forEach(s -> services.put(s.id(), s.service()));
    Map<String, String> hostnames = TaskList.hostnames(nodes);
    Map<String, List<TaskRow>> rows = new HashMap<>();
    for (TaskRow row :
        TaskList.of(engine.tasks(Filters.of("service", services.keySet())), services, hostnames)) {
      rows.computeIfAbsent(row.service(), s -> new ArrayList<>()).add(row);
    }
    return rows;
  }

  private void look(Scaling scaling, List<TaskRow> rows, Set<String> lost) {
    Replicas now = Replicas.of(scaling.replicas(), rows, lost);
    if (!now.equals(last.put(scaling.id(), now))) {
      tell.accept(scaling.service() + ": " + now.words());
      reached.remove(scaling.id());
    }
    if (!now.reached()) {
      return;
    }
    long since = reached.computeIfAbsent(scaling.id(), id -> System.nanoTime());
    if (System.nanoTime() - since >= SETTLED.toNanos()) {
      waiting.remove(scaling.id());
    }
  }

  private static Set<String> lost(JsonNode nodes) {
    Set<String> lost = new HashSet<>();
    for (JsonNode node : nodes) {
      if (node.at("/Status/State").asText().equals("down")) {
        lost.add(node.path("ID").asText());
      }
    }
    return lost;
  }

  private String late(Scaling scaling, Map<String, List<TaskRow>> rows, Duration patience) {
    StringBuilder text = new StringBuilder();
    text.append("service ").append(scaling.service()).append(": ");
    text.append(last.get(scaling.id()).words()).append(" after ").append(Ages.of(patience));
    List<TaskRow> own = rows.getOrDefault(scaling.service(), List.of());
    Map<String, Long> wanted = Map.of(scaling.service(), scaling.replicas());
    for (String error : TaskList.errors(own, wanted)) {
      text.append("\n  ").append(error);
    }
    return text.toString();
  }
}
