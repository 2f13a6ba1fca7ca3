package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.schedule.ScheduleLabels;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is wrong with labels of ours on a service, but for the values of those whose readers tell it
 * themselves: one that is misspelt, or stands where nobody reads it, would do nothing without a
 * word.
 */
final class OwnLabels {
  private static final String OURS = "dev.skep.";

  /** As {@code dev.skep.deployer.image.policy} reads it, which is built on this package. */
  private static final String IMAGE = "dev.skep.image";

  private static final Set<String> FOLLOWED =
      new TreeSet<>(Set.of(IMAGE, ScheduleLabels.SCHEDULE, UpdateOrder.LABEL));

  /** Says to people what a service is a part of. */
  private static final String PART = "dev.skep.part";

  private OwnLabels() {}

  /** In words, without the service's name; empty if nothing is. */
  static List<String> problems(JsonNode spec) {
    List<String> problems = new ArrayList<>();
    for (String name : ours(spec.path("Labels"))) {
      if (!isKnown(name) && !name.equals(PART)) {
        problems.add(
            "label %s is not known; known are %s".formatted(name, String.join(", ", FOLLOWED)));
      }
    }
    String update = spec.path("Labels").path(UpdateOrder.LABEL).asText("");
    if (!UpdateOrder.isKnown(update)) {
      problems.add(
          "label %s is '%s' and not one of last, last-2 to last-9, manual: ignored"
              .formatted(UpdateOrder.LABEL, update));
    }
    for (String name : ours(spec.at("/TaskTemplate/ContainerSpec/Labels"))) {
      if (isKnown(name)) {
        problems.add(
            "label %s is on its containers, where it does nothing: put it under deploy.labels"
                .formatted(name));
      }
    }
    return problems;
  }

  private static Set<String> ours(JsonNode labels) {
    Set<String> names = new TreeSet<>();
    labels.fieldNames().forEachRemaining(names::add);
    names.removeIf(n -> !n.startsWith(OURS));
    return names;
  }

  /** A schedule's labels are told of by who reads them. */
  private static boolean isKnown(String name) {
    return FOLLOWED.contains(name) || name.startsWith(ScheduleLabels.SCHEDULE);
  }
}
