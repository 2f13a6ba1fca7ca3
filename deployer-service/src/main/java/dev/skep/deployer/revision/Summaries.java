package dev.skep.deployer.revision;

import dev.skep.deployer.apply.ApplyResult;
import dev.skep.model.stack.Deployment.Step;
import dev.skep.model.stack.Revision.Changed;
import dev.skep.model.stack.Revision.Summary;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a deployment did, in short: it is held in memory for every revision of every stack. */
public final class Summaries {
  /** More than a person reads. */
  static final int MOST_SERVICES = 30;

  static final int MOST_FIELDS = 20;

  private Summaries() {}

  /**
   * A summary.
   *
   * @param steps what was done
   * @param fields service to the paths of its fields that were changed
   */
  public static Summary of(List<Step> steps, Map<String, List<String>> fields) {
    List<Changed> changed =
        new TreeMap<>(fields)
            .entrySet().stream()
                .filter(e -> !e.getValue().isEmpty())
                .map(e -> new Changed(e.getKey(), shortened(e.getValue())))
                .toList();
    return new Summary(
        count(steps, ApplyResult.CREATED),
        count(steps, ApplyResult.UPDATED) + count(steps, ApplyResult.UPDATING),
        count(steps, ApplyResult.UNCHANGED),
        count(steps, ApplyResult.REMOVED),
        count(steps, ApplyResult.HELD),
        count(steps, ApplyResult.FAILED),
        changed.subList(0, Math.min(MOST_SERVICES, changed.size())),
        Math.max(0, changed.size() - MOST_SERVICES));
  }

  private static List<String> shortened(List<String> fields) {
    return fields.subList(0, Math.min(MOST_FIELDS, fields.size()));
  }

  private static int count(List<Step> steps, String action) {
    return Math.toIntExact(steps.stream().filter(s -> s.action().equals(action)).count());
  }
}
