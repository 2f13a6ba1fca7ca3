package dev.skep.deployer.apply;

import dev.skep.model.stack.Deployment.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What came of it.
 *
 * @param steps one for each object, in the order of networks, secrets, configs, services; by name
 * @param warnings what went on without: an image that could not be resolved, an unknown field
 */
public record ApplyResult(List<Step> steps, List<String> warnings) {
  public static final String CREATED = "created";
  public static final String UPDATED = "updated";
  public static final String UNCHANGED = "unchanged";
  public static final String REMOVED = "removed";
  public static final String FAILED = "failed";

  /** Left as it is, because it is updated only when it is asked for. */
  public static final String HELD = "held";

  /** Made, and waited for until it is as it should be. Told to listeners alone. */
  public static final String AWAITED = "awaited";

  /** Made, and as it should be for long enough. Told to listeners alone. */
  public static final String SETTLED = "settled";

  /** Made, but it did not come to run. */
  public static final String UNSETTLED = "unsettled";

  /** Left as it is, because what it depends on did not come about. */
  public static final String SKIPPED = "skipped";

  /** Begun, and not known yet how it ends: the deployer's own service. */
  public static final String UPDATING = "updating";

  /**
   * Something went on without what was asked for. Of the stack, in records of deployments alone.
   */
  public static final String WARNED = "warned";

  public ApplyResult {
    steps = List.copyOf(steps);
    warnings = List.copyOf(warnings);
  }

  /** Whether any object failed, or did not come to run. */
  public boolean failed() {
    return steps.stream().anyMatch(ApplyResult::isFailure);
  }

  /** What failed, in words; "" if nothing did. */
  public String error() {
    return steps.stream()
        .filter(ApplyResult::isFailure)
        .map(s -> s.kind() + " " + s.name() + ": " + s.detail())
        .collect(Collectors.joining("; "));
  }

  /** With further warnings. */
  public ApplyResult warning(List<String> more) {
    List<String> all = new ArrayList<>(warnings);
    all.addAll(more);
    return new ApplyResult(steps, all);
  }

  /** The steps, and one for each warning: who asked a deployer is told of nothing else. */
  public List<Step> withWarnings(String stack) {
    List<Step> all = new ArrayList<>(steps);
    warnings.forEach(w -> all.add(new Step("stack", stack, WARNED, w)));
    return List.copyOf(all);
  }

  static boolean isFailure(Step step) {
    return switch (step.action()) {
      case FAILED, UNSETTLED, SKIPPED -> true;
      default -> false;
    };
  }
}
