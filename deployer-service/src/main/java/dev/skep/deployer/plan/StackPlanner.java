package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.plan.Names.Target;
import dev.skep.deployer.plan.ObjectPlan.Action;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides for all objects of a stack, as a deployment does one after the other. What the deployment
 * would have made by then has a name and no id yet, so that whoever refers to it differs here as it
 * will there.
 *
 * @param services decides for services; the names of what the stack makes are added to its own
 * @param superfluous services that are to be removed
 * @param taken what the stack would make and others have, as "kind name"
 */
public record StackPlanner(
    LiveStack live, ServicePlanner services, List<JsonNode> superfluous, Set<String> taken) {
  /** In place of the id of what is not there yet. */
  private static final String NEW = "(new)";

  private static final List<String> KINDS = List.of("network", "secret", "config", "service");

  /**
   * The plan.
   *
   * @param warnings what is to be warned of already
   */
  public StackPlan plan(String stack, StackObjects objects, Collection<String> warnings) {
    List<ObjectPlan> plans = new ArrayList<>();
    objects.networks().forEach(n -> plans.add(network(n)));
    for (ObjectNode secret : objects.secrets()) {
      FilePlan plan = FilePlanner.secret(secret, live.secrets());
      plans.add(file("secret", secret, plan, services.names().secrets()));
    }
    for (ObjectNode config : objects.configs()) {
      FilePlan plan = FilePlanner.config(config, live.configs());
      plans.add(file("config", config, plan, services.names().configs()));
    }
    TreeSet<String> all = new TreeSet<>(warnings);
    Map<String, String> networks = new HashMap<>();
    live.swarmNetworks().forEach((name, id) -> networks.put(id, name));
    for (ObjectNode service : objects.services()) {
      all.addAll(services.warnings(service));
      plans.add(service(service, networks, all));
    }
    superfluous.forEach(
        s -> plans.add(ObjectPlan.plain("service", LiveStack.nameOf(s), Action.REMOVE)));
    for (String object : taken) {
      all.add(object + " is there and is not the stack's: making it will be refused");
    }
    plans.sort(
        Comparator.<ObjectPlan>comparingInt(o -> KINDS.indexOf(o.kind()))
            .thenComparing(ObjectPlan::name));
    return new StackPlan(stack, plans, List.copyOf(all));
  }

  private ObjectPlan network(ObjectNode desired) {
    String name = desired.path("Name").asText();
    live.network(name).ifPresent(id -> services.names().networks().put(name, id));
    boolean there = live.network(name).isPresent();
    return ObjectPlan.plain("network", name, there ? Action.KEEP : Action.CREATE);
  }

  private static ObjectPlan file(
      String kind, ObjectNode desired, FilePlan plan, Map<String, Target> targets) {
    String name = desired.path("Name").asText();
    return switch (plan) {
      case FilePlan.Keep(JsonNode found) -> {
        targets.put(name, target(found));
        yield ObjectPlan.plain(kind, name, Action.KEEP);
      }
      case FilePlan.Relabel(JsonNode found, ObjectNode body) -> {
        targets.put(name, target(found));
        List<FieldChange> labels = FieldDiff.labels(found.path("Spec"), body);
        yield new ObjectPlan(kind, name, Action.CHANGE, false, "", labels, "");
      }
      case FilePlan.Create(ObjectNode body, boolean rotated) -> {
        String actual = body.path("Name").asText();
        targets.put(name, new Target(actual, NEW));
        yield new ObjectPlan(
            kind,
            name,
            rotated ? Action.REPLACE : Action.CREATE,
            false,
            rotated ? actual : "",
            List.of(),
            "");
      }
      case FilePlan.Probe(JsonNode found, ObjectNode body, FilePlan.Create otherwise) -> {
        targets.put(name, target(found));
        String note =
            ("only trying tells what is in it: if it is not what the file has, %s is made"
                    + " instead, and the services that use it change")
                .formatted(otherwise.body().path("Name").asText());
        List<FieldChange> labels = FieldDiff.labels(found.path("Spec"), body);
        yield new ObjectPlan(kind, name, Action.ADOPT, false, "", labels, note);
      }
    };
  }

  private static Target target(JsonNode found) {
    return new Target(LiveStack.nameOf(found), found.path("ID").asText());
  }

  private ObjectPlan service(
      ObjectNode desired, Map<String, String> networks, Set<String> warnings) {
    String name = desired.path("Name").asText();
    return switch (services.plan(desired, live.service(name))) {
      case ServicePlan.Create create -> ObjectPlan.plain("service", name, Action.CREATE);
      case ServicePlan.Keep keep -> ObjectPlan.plain("service", name, Action.KEEP);
      case ServicePlan.Hold(JsonNode found, ObjectNode spec) -> {
        List<FieldChange> fields = FieldDiff.service(found.path("Spec"), spec, networks);
        yield new ObjectPlan("service", name, Action.HOLD, false, "", fields, "");
      }
      case ServicePlan.Update(JsonNode found, ObjectNode spec, boolean restarts) -> {
        List<FieldChange> fields = FieldDiff.service(found.path("Spec"), spec, networks);
        if (!kind(found.path("Spec")).equals(kind(spec))) {
          warnings.add(
              "service %s: Swarm refuses to make a %s service a %s one: remove it first"
                  .formatted(name, kind(found.path("Spec")), kind(spec)));
        }
        yield new ObjectPlan("service", name, Action.CHANGE, restarts, "", fields, "");
      }
    };
  }

  /** Replicated where a spec says nothing. */
  private static String kind(JsonNode spec) {
    return SpecForm.of(spec).path("Mode").fieldNames().next();
  }
}
