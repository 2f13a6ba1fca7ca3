package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.compose.Dependency;
import dev.skep.deployer.compose.Dependency.Condition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * In which waves a stack's services are made: by their labels ({@link UpdateOrder}) and by what
 * they depend on. A service that depends on one with a later label comes with that one: what it
 * cannot do without weighs more than a label. Within a wave a service is made as soon as all that
 * it depends on is there, so that a slow one keeps only those waiting that need it.
 *
 * @param ranks each to be begun when the one before is done; none is empty
 * @param dependencies service to what it waits for, which comes in the same rank or before it
 * @param warnings where labels and dependencies contradict each other, and what is waited for in
 *     vain, in words
 */
public record Waves(
    List<List<ObjectNode>> ranks,
    Map<String, List<Dependency>> dependencies,
    List<String> warnings) {

  /**
   * The waves of a stack.
   *
   * @param all service to what it depends on; services that are not there are not waited for
   * @param own the name of the deployer's own service; "" if it has none
   */
  public static Waves of(List<ObjectNode> services, Map<String, List<Dependency>> all, String own) {
    Set<String> warnings = new TreeSet<>();
    Map<String, ObjectNode> byName = new LinkedHashMap<>();
    services.forEach(s -> byName.put(nameOf(s), s));
    Map<String, List<Dependency>> dependencies = new TreeMap<>();
    for (String name : byName.keySet()) {
      List<Dependency> some = new ArrayList<>();
      for (Dependency one : all.getOrDefault(name, List.of())) {
        if (!byName.containsKey(one.service())) {
          continue;
        }
        if (one.service().equals(own)) {
          warnings.add(
              "service %s depends on %s, which is the deployer's own and comes after all others: not waited for"
                  .formatted(name, own));
          continue;
        }
        some.add(one);
        restarted(name, one, byName.get(one.service())).ifPresent(warnings::add);
      }
      if (!some.isEmpty()) {
        dependencies.put(name, List.copyOf(some));
      }
    }
    Map<String, Integer> ranks = ranks(byName, dependencies, own, warnings);
    List<List<ObjectNode>> waves =
        new ArrayList<>(
            services.stream()
                .collect(
                    Collectors.groupingBy(
                        s -> ranks.get(nameOf(s)), TreeMap::new, Collectors.toList()))
                .values());
    return new Waves(waves, dependencies, List.copyOf(warnings));
  }

  /** What is to be waited for before a service is made. */
  public List<Dependency> of(String service) {
    return dependencies.getOrDefault(service, List.of());
  }

  /**
   * Services that depend on each other, the first one again at the end; empty if there are none.
   */
  public static Optional<List<String>> cycle(Map<String, List<Dependency>> dependencies) {
    Set<String> done = new HashSet<>();
    return new TreeSet<>(dependencies.keySet())
        .stream()
            .map(name -> cycle(name, List.of(), dependencies, done))
            .flatMap(Optional::stream)
            .findFirst();
  }

  private static Optional<List<String>> cycle(
      String name,
      List<String> path,
      Map<String, List<Dependency>> dependencies,
      Set<String> done) {
    List<String> longer = new ArrayList<>(path);
    longer.add(name);
    int start = path.indexOf(name);
    if (start >= 0) {
      return Optional.of(longer.subList(start, longer.size()));
    }
    for (Dependency one : dependencies.getOrDefault(name, List.of())) {
      if (!done.contains(one.service())) {
        Optional<List<String>> found = cycle(one.service(), longer, dependencies, done);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    done.add(name);
    return Optional.empty();
  }

  /** A rank is never below that of what is depended on; the own service has one for itself. */
  private static Map<String, Integer> ranks(
      Map<String, ObjectNode> services,
      Map<String, List<Dependency>> dependencies,
      String own,
      Set<String> warnings) {
    Map<String, Integer> ranks = new LinkedHashMap<>();
    services.forEach((name, spec) -> ranks.put(name, UpdateOrder.rank(spec)));
    boolean raised = true;
    while (raised) {
      raised = false;
      for (Map.Entry<String, List<Dependency>> entry : dependencies.entrySet()) {
        for (Dependency one : entry.getValue()) {
          int least = ranks.get(one.service());
          if (ranks.get(entry.getKey()) < least) {
            ranks.put(entry.getKey(), least);
            raised = true;
            if (!entry.getKey().equals(own)) {
              warnings.add(
                  "service %s depends on %s, which comes later by the label %s: it is made after it"
                      .formatted(entry.getKey(), one.service(), UpdateOrder.LABEL));
            }
          }
        }
      }
    }
    ranks.computeIfPresent(own, (name, rank) -> Integer.MAX_VALUE);
    return ranks;
  }

  /** What Swarm restarts whenever it ends is never seen to have come to its end. */
  private static Optional<String> restarted(String name, Dependency one, ObjectNode on) {
    boolean job = on.path("Mode").has("ReplicatedJob") || on.path("Mode").has("GlobalJob");
    String restart = on.at("/TaskTemplate/RestartPolicy/Condition").asText("any");
    boolean again = restart.equals("any") || restart.isEmpty();
    return one.condition() == Condition.COMPLETED && !job && again
        ? Optional.of(
            "service %s waits for %s to complete, which Swarm starts again whenever it ends: make it a job, or set its restart_policy"
                .formatted(name, one.service()))
        : Optional.empty();
  }

  private static String nameOf(ObjectNode service) {
    return service.path("Name").asText();
  }
}
