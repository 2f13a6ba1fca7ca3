package dev.skep.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.apply.Applier;
import dev.skep.deployer.convert.Namespace;
import dev.skep.engine.EngineClient;
import dev.skep.engine.Filters;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The stacks of the benchmark {@code push-latency} in Swarm's own store. */
final class PushStacks {
  static final String PREFIX = "bench-push-";

  private final EngineClient engine;

  PushStacks(EngineClient engine) {
    this.engine = engine;
  }

  /** When each service of a stack last changed. */
  Map<String, Instant> changedAt(String stack) {
    Map<String, Instant> times = new TreeMap<>();
    for (JsonNode service : engine.services(false, Filters.of("label", label(stack)))) {
      times.put(
          service.path("Spec").path("Name").asText(),
          Instant.parse(service.path("UpdatedAt").asText()));
    }
    return times;
  }

  /**
   * When all services of a stack were changed, in order.
   *
   * @param before as {@link #changedAt} told it
   * @throws IOException if there are others than before, or one was not changed
   */
  static List<Instant> changes(Map<String, Instant> before, Map<String, Instant> after)
      throws IOException {
    Set<String> same = new TreeSet<>(before.keySet());
    same.removeIf(name -> !before.get(name).equals(after.get(name)));
    if (before.isEmpty() || !before.keySet().equals(after.keySet()) || !same.isEmpty()) {
      throw new IOException(
          "the push should have changed the services %s; there are now %s, of which %s are as before"
              .formatted(before.keySet(), after.keySet(), same));
    }
    return after.values().stream().sorted().toList();
  }

  /** Removes all of them, of this run and of any before. */
  void removeAll() {
    Set<String> names = new TreeSet<>();
    Filters labelled = Filters.of("label", Namespace.LABEL);
    for (JsonNode service : engine.services(false, labelled)) {
      names.add(service.path("Spec").path("Labels").path(Namespace.LABEL).asText());
    }
    for (JsonNode network : engine.networks(labelled)) {
      names.add(network.path("Labels").path(Namespace.LABEL).asText());
    }
    names.removeIf(name -> !name.startsWith(PREFIX));
    names.forEach(name -> new Applier(engine).remove(name, step -> {}));
  }

  private static String label(String stack) {
    return Namespace.LABEL + "=" + stack;
  }
}
