package dev.skep.deployer.direct;

import dev.skep.deployer.apply.ApplyListener;
import dev.skep.deployer.plan.ServicePlan;
import dev.skep.deployer.revision.ChangedFields;
import dev.skep.model.stack.Deployment.Step;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Notes which fields of which services are changed, and passes on the rest. */
final class Recorder implements ApplyListener {
  private final ApplyListener listener;
  private final Map<String, List<String>> fields = new ConcurrentHashMap<>();

  Recorder(ApplyListener listener) {
    this.listener = listener;
  }

  Map<String, List<String>> fields() {
    return Map.copyOf(fields);
  }

  @Override
  public void step(Step step) {
    listener.step(step);
  }

  @Override
  public void planned(String service, ServicePlan plan) {
    fields.put(service, ChangedFields.of(plan));
    listener.planned(service, plan);
  }

  @Override
  public void beforeOwn(List<Step> steps) {
    listener.beforeOwn(steps);
  }
}
