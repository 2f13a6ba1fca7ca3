package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Decides what to do for a service: for a deployment, its plan and the search for drift alike.
 *
 * @param names the ids of what services refer to; read at each decision
 * @param swarmNetworks the ids of all networks of the Swarm
 * @param apiVersion the Engine's, such as "1.41"
 * @param includeHeld whether services that are updated by hand are updated, too
 */
public record ServicePlanner(
    Names names,
    Collection<String> swarmNetworks,
    ImagePins images,
    String apiVersion,
    boolean includeHeld) {

  /**
   * One service's plan. Neither argument is changed.
   *
   * @param desired the body, with names in place of ids
   * @param live the service as the Engine lists it, or null
   */
  public ServicePlan plan(ObjectNode desired, JsonNode live) {
    ObjectNode ready = ready(desired, live);
    if (live == null) {
      return new ServicePlan.Create(ready);
    }
    JsonNode liveSpec = live.path("Spec");
    ObjectNode spec = SpecOverlay.apply(liveSpec, ready);
    ObjectNode form = SpecForm.of(spec);
    ObjectNode liveForm = SpecForm.of(liveSpec);
    if (form.equals(liveForm)) {
      return new ServicePlan.Keep(live);
    }
    if (UpdateOrder.held(desired) && !includeHeld) {
      return new ServicePlan.Hold(live, spec);
    }
    return new ServicePlan.Update(live, spec, restarts(form, liveForm));
  }

  /**
   * What this Engine does not know of a service, what is to be said of its schedule, and which of
   * our labels do nothing.
   */
  public List<String> warnings(ObjectNode desired) {
    String name = desired.path("Name").asText();
    Stream<String> unknown =
        ApiLevel.fit(desired.deepCopy(), apiVersion).stream()
            .map(
                key ->
                    "service %s: this Engine (API %s) does not know %s: ignored"
                        .formatted(name, apiVersion, key));
    Stream<String> schedule =
        ScheduledRun.warnings(desired).stream().map(said -> "service %s %s".formatted(name, said));
    Stream<String> labels =
        OwnLabels.problems(desired).stream()
            .map(problem -> "service %s: %s".formatted(name, problem));
    return Stream.of(unknown, schedule, labels).flatMap(s -> s).toList();
  }

  /** Ports and the way of balancing are part of what Swarm compares tasks by. */
  private static boolean restarts(ObjectNode form, ObjectNode live) {
    return !form.path("TaskTemplate").equals(live.path("TaskTemplate"))
        || !form.path("EndpointSpec").equals(live.path("EndpointSpec"));
  }

  private ObjectNode ready(ObjectNode desired, JsonNode live) {
    ObjectNode spec = names.resolve(desired);
    if (live != null) {
      PredefinedNetworks.keep(spec, live.path("Spec"), swarmNetworks);
    }
    images.pin(spec, live);
    ApiLevel.fit(spec, apiVersion);
    return spec;
  }
}
