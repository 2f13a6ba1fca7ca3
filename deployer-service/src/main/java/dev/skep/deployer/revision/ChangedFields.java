package dev.skep.deployer.revision;

import dev.skep.deployer.plan.FieldChange;
import dev.skep.deployer.plan.FieldDiff;
import dev.skep.deployer.plan.ServicePlan;
import java.util.List;
import java.util.Map;

/** The paths of the fields that a decision changes; no values. */
public final class ChangedFields {
  private ChangedFields() {}

  /** None unless a service is updated. */
  public static List<String> of(ServicePlan plan) {
    return plan instanceof ServicePlan.Update update
        ? FieldDiff.service(update.live().path("Spec"), update.spec(), Map.of()).stream()
            .map(FieldChange::path)
            .toList()
        : List.of();
  }
}
