package dev.skep.edgeconfig;

import dev.skep.model.cluster.Task;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tasks by service: of 50,000 tasks, a change must not touch more than its own service's. Written
 * by one thread, read by others.
 */
final class TaskIndex {
  private final Map<String, Map<String, Task>> byService = new ConcurrentHashMap<>();

  /** Takes a task's change in; either may be null. Returns the service whose tasks changed. */
  String apply(Task before, Task after) {
    Task known = after == null ? before : after;
    if (known == null) {
      return null;
    }
    if (after != null) {
      byService
          .computeIfAbsent(after.serviceId(), s -> new ConcurrentHashMap<>())
          .put(after.id(), after);
    } else {
      byService.computeIfPresent(
          before.serviceId(),
          (s, tasks) -> {
            tasks.remove(before.id());
            return tasks.isEmpty() ? null : tasks;
          });
    }
    return known.serviceId();
  }

  /** The service's tasks now. */
  Collection<Task> of(String serviceId) {
    return List.copyOf(byService.getOrDefault(serviceId, Map.of()).values());
  }
}
