package dev.skep.deployer.direct;

import dev.skep.deployer.apply.ApplyListener;
import dev.skep.deployer.gate.Awaited;
import dev.skep.deployer.plan.ServicePlan;
import dev.skep.deployer.revision.ChangedFields;
import dev.skep.model.stack.Deployment.Step;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Notes which fields of which services are changed, asks for newer ones, passes on the rest. */
final class Recorder implements ApplyListener {
  private final ApplyListener listener;
  private final Contention contention;
  private final Map<String, List<String>> fields = new ConcurrentHashMap<>();

  Recorder(ApplyListener listener, Contention contention) {
    this.listener = listener;
    this.contention = contention;
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
  public void watching(Awaited services) {
    listener.watching(services);
  }

  @Override
  public boolean overtaken() {
    return contention.overtaken() || listener.overtaken();
  }

  @Override
  public void beforeOwn(List<Step> steps) {
    listener.beforeOwn(steps);
  }
}
