package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.cli.CliException;
import dev.skep.deployer.task.TaskList;
import dev.skep.deployer.task.TaskRow;
import dev.skep.engine.EngineClient;
import dev.skep.engine.Filters;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Has Swarm replace the tasks of services, by the rules of their update_config. */
final class Restart {
  private static final Duration TICK = Duration.ofMillis(500);

  private final EngineClient engine;
  private final Consumer<String> tell;

  /**
   * A restart.
   *
   * @param tell gets a line for each step
   */
  Restart(EngineClient engine, Consumer<String> tell) {
    this.engine = engine;
    this.tell = tell;
  }

  /**
   * The services that a restart is about.
   *
   * @param names none for all that are not jobs
   * @throws CliException if a job is named: it would do its work again
   */
  static StackServices plan(StackServices all, List<String> names, Consumer<String> tell) {
    StackServices selected = all.select(names);
    List<String> jobs =
        selected.byName().entrySet().stream()
            .filter(s -> isJob(s.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    if (jobs.isEmpty()) {
      return selected;
    }
    String reason = "a restarted job does its work again";
    if (!names.isEmpty()) {
      throw new CliException(
          "%s: %s; to want that, docker service update --force SERVICE"
              .formatted(String.join(", ", jobs), reason));
    }
    tell.accept("left alone: %s (%s)".formatted(String.join(", ", jobs), reason));
    Map<String, JsonNode> rest = new TreeMap<>(selected.byName());
    rest.keySet().removeAll(jobs);
    return new StackServices(selected.stack(), rest);
  }

  private static boolean isJob(JsonNode service) {
    JsonNode mode = service.path("Spec").path("Mode");
    return mode.has("ReplicatedJob") || mode.has("GlobalJob");
  }

  /** Counts ForceUpdate up, and touches nothing else. */
  static boolean force(ObjectNode spec) {
    ObjectNode template = spec.withObject("/TaskTemplate");
    template.put("ForceUpdate", template.path("ForceUpdate").asLong() + 1);
    return true;
  }

  /**
   * Restarts one service after the other, and waits for each.
   *
   * @param patience for each; null not to wait
   * @throws CliException at the first that fails; those after it are left as they are
   */
  void run(StackServices services, Duration patience) throws InterruptedException {
    List<String> left = new ArrayList<>(services.byName().keySet());
    for (Map.Entry<String, JsonNode> service : services.byName().entrySet()) {
      String name = service.getKey();
      left.remove(name);
      String id = service.getValue().path("ID").asText();
      JsonNode before = new ServiceChange(engine).apply(id, Restart::force);
      tell.accept(name + ": restarting");
      if (patience != null) {
        try {
          await(id, name, UpdateState.startedAt(before), patience);
        } catch (CliException e) {
          throw left.isEmpty() ? e : new CliException(e.getMessage() + notDone(left));
        }
        tell.accept(name + ": restarted");
      }
    }
  }

  private static String notDone(List<String> left) {
    return "\n  not restarted: " + String.join(", ", left);
  }

  private void await(String id, String name, String before, Duration patience)
      throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    Instant begun = null;
    while (true) {
      JsonNode service = live(id, name);
      UpdateState state = UpdateState.of(service, before);
      if (begun == null && state != UpdateState.NOT_BEGUN) {
        // A rollback may count as begun later than what it takes back.
        begun = UpdateState.begun(service);
      }
      if (state == UpdateState.DONE) {
        return;
      }
      if (state == UpdateState.FAILED) {
        throw failed(service, begun, UpdateState.words(service));
      }
      if (System.nanoTime() - end > 0) {
        throw failed(
            service, begun, "not done after " + Ages.of(patience) + "; Swarm goes on with it");
      }
      Thread.sleep(TICK);
    }
  }

  private JsonNode live(String id, String name) {
    return engine
        .services(true, Filters.of("id", id))
        .valueStream()
        .filter(s -> s.path("ID").asText().equals(id))
        .findFirst()
        .orElseThrow(() -> new CliException("service %s was removed meanwhile".formatted(name)));
  }

  /** With the errors of tasks made since the update was begun: older ones explain nothing. */
  private CliException failed(JsonNode service, Instant begun, String why) {
    String id = service.path("ID").asText();
    String name = StackServices.name(service);
    StringBuilder text = new StringBuilder("service " + name + ": " + why);
    List<TaskRow> rows =
        TaskList.of(
            engine.tasks(Filters.of("service", id)),
            Map.of(id, name),
            TaskList.hostnames(engine.nodes()));
    for (TaskRow row : TaskList.currentAndFailed(rows, Map.of())) {
      boolean newer = begun == null || row.created() == null || !row.created().isBefore(begun);
      if (newer && !row.error().isEmpty()) {
        text.append("\n  ").append(row.name()).append(": ").append(row.error());
      }
    }
    return new CliException(text.toString());
  }
}
