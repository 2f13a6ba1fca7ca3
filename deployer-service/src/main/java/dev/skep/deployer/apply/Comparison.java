package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.plan.FilePlan;
import dev.skep.deployer.plan.FilePlanner;
import dev.skep.deployer.plan.ImagePins;
import dev.skep.deployer.plan.LiveStack;
import dev.skep.deployer.plan.Names;
import dev.skep.deployer.plan.Names.Target;
import dev.skep.deployer.plan.ServicePlan;
import dev.skep.deployer.plan.ServicePlanner;
import dev.skep.engine.EngineClient;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds where the cluster differs from a stack's objects, changing nothing. */
final class Comparison {
  private final EngineClient engine;
  private final StackReader reader;

  Comparison(EngineClient engine) {
    this.engine = engine;
    this.reader = new StackReader(engine);
  }

  List<String> differing(String stack, StackObjects objects) {
    LiveStack live = reader.live(stack);
    Set<String> differing = new TreeSet<>();
    Names names = names(objects, live, differing);
    for (ObjectNode network : objects.networks()) {
      if (!live.swarmNetworks().containsKey(network.path("Name").asText())) {
        differing.add("network " + network.path("Name").asText());
      }
    }
    // No registry is asked: an image stands for what it was when it was deployed.
    ServicePlanner planner =
        new ServicePlanner(
            names, live.swarmNetworks().values(), ImagePins.NONE, engine.apiVersion(), false);
    for (ObjectNode service : objects.services()) {
      String name = service.path("Name").asText();
      switch (planner.plan(service, live.service(name))) {
        // One that is updated by hand may rightly be another; it is missed only if it is gone.
        case ServicePlan.Keep keep -> {}
        case ServicePlan.Hold hold -> {}
        case ServicePlan.Create create -> differing.add("service " + name);
        case ServicePlan.Update update -> differing.add("service " + name);
      }
    }
    return List.copyOf(differing);
  }

  private Names names(StackObjects objects, LiveStack live, Set<String> differing) {
    Names names = Names.empty();
    names.networks().putAll(live.swarmNetworks());
    Set<String> secrets = new TreeSet<>();
    Set<String> configs = new TreeSet<>();
    for (ObjectNode service : objects.services()) {
      secrets.addAll(Names.filesOf(service, "Secrets", "Secret"));
      configs.addAll(Names.filesOf(service, "Configs", "Config"));
    }
    reader.byName("secrets", secrets).forEach((n, id) -> names.secrets().put(n, new Target(n, id)));
    reader.byName("configs", configs).forEach((n, id) -> names.configs().put(n, new Target(n, id)));
    for (ObjectNode secret : objects.secrets()) {
      file("secret", secret, FilePlanner.secret(secret, live.secrets()), names.secrets())
          .forEach(differing::add);
    }
    for (ObjectNode config : objects.configs()) {
      file("config", config, FilePlanner.config(config, live.configs()), names.configs())
          .forEach(differing::add);
    }
    return names;
  }

  private static List<String> file(
      String kind, ObjectNode desired, FilePlan plan, Map<String, Target> targets) {
    String name = desired.path("Name").asText();
    JsonNode live =
        switch (plan) {
          case FilePlan.Keep keep -> keep.live();
          case FilePlan.Relabel relabel -> relabel.live();
          case FilePlan.Probe probe -> probe.live();
          case FilePlan.Create create -> null;
        };
    if (live == null) {
      return List.of(kind + " " + name);
    }
    targets.put(name, new Target(LiveStack.nameOf(live), live.path("ID").asText()));
    return plan instanceof FilePlan.Relabel ? List.of(kind + " " + name) : List.of();
  }
}
