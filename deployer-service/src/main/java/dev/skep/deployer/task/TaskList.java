package dev.skep.deployer.task;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Tasks in the order in which they are listed: service, slot, what runs first, newest first. */
public final class TaskList {
  private static final Comparator<TaskRow> ORDER =
      Comparator.comparing(TaskRow::service)
          .thenComparing(TaskRow::slot)
          .thenComparing(row -> row.slot() > 0 ? "" : row.node())
          .thenComparing(TaskRow::current, Comparator.reverseOrder())
          .thenComparing(
              TaskRow::created, Comparator.nullsLast(Comparator.<Instant>reverseOrder()));

  /** What one looks at; the rest is likely to be the same. */
  private static final int MOST_ERRORS = 5;

  private TaskList() {}

  /**
   * All tasks of some services.
   *
   * @param tasks those of other services are left out
   * @param services id to full name
   * @param hostnames node id to hostname
   */
  public static List<TaskRow> of(
      Iterable<JsonNode> tasks, Map<String, String> services, Map<String, String> hostnames) {
    List<TaskRow> rows = new ArrayList<>();
    for (JsonNode task : tasks) {
      String service = services.get(task.path("ServiceID").asText());
      String node = task.path("NodeID").asText("");
      if (service != null) {
        rows.add(TaskRow.of(task, service, hostnames.getOrDefault(node, node)));
      }
    }
    rows.sort(ORDER);
    return rows;
  }

  /** Rows of any order in that of this list. */
  public static List<TaskRow> sorted(Stream<TaskRow> rows) {
    return rows.sorted(ORDER).toList();
  }

  /** Node id to hostname. */
  public static Map<String, String> hostnames(Iterable<JsonNode> nodes) {
    Map<String, String> names = new HashMap<>();
    for (JsonNode node : nodes) {
      names.put(node.path("ID").asText(), node.path("Description").path("Hostname").asText());
    }
    return names;
  }

  /**
   * What is meant to run, and of each slot the newest task that failed; slots that are no longer
   * wanted are left out.
   *
   * @param all in the order of this list
   * @param replicas full name to the number of tasks that are wanted; a service that is not in it
   *     wants one on each node
   */
  public static List<TaskRow> currentAndFailed(List<TaskRow> all, Map<String, Long> replicas) {
    Map<String, Set<String>> filled = new HashMap<>();
    all.stream()
        .filter(TaskRow::current)
        .forEach(
            row -> filled.computeIfAbsent(row.service(), s -> new HashSet<>()).add(row.place()));
    Set<String> told = new HashSet<>();
    return all.stream()
        .filter(
            row -> {
              Set<String> places = filled.getOrDefault(row.service(), Set.of());
              long wanted = replicas.getOrDefault(row.service(), Long.MAX_VALUE);
              boolean matters = places.contains(row.place()) || places.size() < wanted;
              return row.current() || (row.failed() && matters && told.add(row.place()));
            })
        .toList();
  }

  /**
   * Why places without a running task have none: one line for each, a few at most.
   *
   * @param all in the order of this list
   * @param replicas as {@link #currentAndFailed} takes it
   */
  public static List<String> errors(List<TaskRow> all, Map<String, Long> replicas) {
    Set<String> up = new HashSet<>();
    all.stream().filter(row -> row.current() && row.running()).forEach(row -> up.add(row.place()));
    return lines(
        currentAndFailed(all, replicas).stream().filter(row -> !up.contains(row.place())).toList());
  }

  /**
   * What the newest failure of each place was, whatever runs there now: one line for each, a few at
   * most.
   *
   * @param all in the order of this list
   * @param replicas as {@link #currentAndFailed} takes it
   */
  public static List<String> failures(List<TaskRow> all, Map<String, Long> replicas) {
    return lines(currentAndFailed(all, replicas).stream().filter(TaskRow::failed).toList());
  }

  private static List<String> lines(List<TaskRow> rows) {
    List<String> errors =
        rows.stream()
            .filter(row -> !row.error().isEmpty())
            .map(row -> row.name() + ": " + row.error())
            // A task that waits for its turn may have the error of the one before it.
            .distinct()
            .toList();
    if (errors.size() <= MOST_ERRORS) {
      return errors;
    }
    List<String> first = new ArrayList<>(errors.subList(0, MOST_ERRORS));
    first.add("and %d more".formatted(errors.size() - MOST_ERRORS));
    return List.copyOf(first);
  }
}
