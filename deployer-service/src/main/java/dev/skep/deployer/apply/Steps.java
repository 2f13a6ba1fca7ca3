package dev.skep.deployer.apply;

import dev.skep.deployer.gate.Awaited;
import dev.skep.deployer.plan.ServicePlan;
import dev.skep.engine.EngineException;
import dev.skep.model.stack.Deployment.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** Gathers what was done, from several threads, and tells a listener of each step. */
final class Steps {
  private static final List<String> KINDS = List.of("network", "secret", "config", "service");

  private final ApplyListener listener;
  private final List<Step> steps = new ArrayList<>();
  private final TreeSet<String> warnings = new TreeSet<>();

  Steps(ApplyListener listener) {
    this.listener = listener;
  }

  /**
   * To be called before something is changed.
   *
   * @throws OvertakenException if it is not wanted any more
   */
  void stillWanted() {
    // Not synchronized: it may ask the Engine.
    if (listener.overtaken()) {
      throw new OvertakenException();
    }
  }

  synchronized void add(String kind, String name, String action, String detail) {
    Step step = new Step(kind, name, action, detail);
    steps.add(step);
    listener.step(step);
  }

  synchronized void planned(String service, ServicePlan plan) {
    listener.planned(service, plan);
  }

  /** The own service is about to be updated: the listener writes down all that was done. */
  synchronized void beforeOwn(Step own) {
    List<Step> all = new ArrayList<>(sorted());
    all.add(own);
    listener.beforeOwn(all);
  }

  /** Whether something could not be made. */
  synchronized boolean anyFailed() {
    return steps.stream()
        .anyMatch(
            s -> s.action().equals(ApplyResult.FAILED) || s.action().equals(ApplyResult.SKIPPED));
  }

  /** Tells the listener what is not a part of the result. */
  synchronized void tell(String service, String action, String detail) {
    listener.step(new Step("service", service, action, detail));
  }

  synchronized void watching(Awaited services) {
    listener.watching(services);
  }

  /** What was done last to a service; "" for nothing. */
  synchronized String last(String service) {
    return steps.stream()
        .filter(s -> s.kind().equals("service") && s.name().equals(service))
        .map(Step::action)
        .reduce("", (before, after) -> after);
  }

  void failed(String kind, String name, EngineException e) {
    if (e.isUnreachable() || e.isTransient()) {
      // Nothing is known of the rest either: the whole attempt is to be made again.
      throw e;
    }
    add(kind, name, ApplyResult.FAILED, e.getMessage());
  }

  synchronized void warn(String warning) {
    warnings.add(warning);
  }

  synchronized boolean failed(String kind, String name) {
    return steps.stream()
        .anyMatch(
            s ->
                s.kind().equals(kind)
                    && s.name().equals(name)
                    && s.action().equals(ApplyResult.FAILED));
  }

  synchronized ApplyResult result() {
    return new ApplyResult(sorted(), List.copyOf(warnings));
  }

  private List<Step> sorted() {
    List<Step> sorted = new ArrayList<>(steps);
    sorted.sort(
        Comparator.<Step>comparingInt(s -> KINDS.indexOf(s.kind())).thenComparing(Step::name));
    return sorted;
  }
}
