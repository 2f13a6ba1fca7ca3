package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.plan.Drift;
import dev.skep.deployer.plan.Drift.Item;
import dev.skep.deployer.plan.FieldChange;
import dev.skep.deployer.plan.FieldDiff;
import dev.skep.deployer.plan.FilePlan;
import dev.skep.deployer.plan.FilePlanner;
import dev.skep.deployer.plan.ImagePins;
import dev.skep.deployer.plan.LiveStack;
import dev.skep.deployer.plan.Names;
import dev.skep.deployer.plan.Names.Target;
import dev.skep.deployer.plan.ServicePlan;
import dev.skep.deployer.plan.ServicePlanner;
import dev.skep.deployer.plan.Underway;
import dev.skep.engine.EngineClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  Drift drift(String stack, StackObjects objects, Instant now) {
    LiveStack live = reader.live(stack);
    List<Item> items = new ArrayList<>();
    List<String> underway = new ArrayList<>();
    Names names = names(objects, live, items);
    for (ObjectNode network : objects.networks()) {
      if (!live.swarmNetworks().containsKey(network.path("Name").asText())) {
        items.add(new Item("network", network.path("Name").asText(), List.of()));
      }
    }
    Map<String, String> networks = new HashMap<>();
    live.swarmNetworks().forEach((name, id) -> networks.put(id, name));
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
        case ServicePlan.Create create -> items.add(service(stack, name, List.of()));
        case ServicePlan.Update update when Underway.is(update.live(), now) -> underway.add(name);
        case ServicePlan.Update update -> items.add(service(stack, name, fields(update, networks)));
      }
    }
    items.sort(Comparator.comparing(Item::kind).thenComparing(Item::name));
    return new Drift(items, underway);
  }

  private static List<String> fields(ServicePlan.Update update, Map<String, String> networks) {
    return FieldDiff.service(update.live().path("Spec"), update.spec(), networks).stream()
        .map(FieldChange::path)
        .toList();
  }

  private static Item service(String stack, String name, List<String> fields) {
    String prefix = stack + "_";
    String shown = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    return new Item("service", shown, fields);
  }

  private Names names(StackObjects objects, LiveStack live, List<Item> differing) {
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
          .ifPresent(differing::add);
    }
    for (ObjectNode config : objects.configs()) {
      file("config", config, FilePlanner.config(config, live.configs()), names.configs())
          .ifPresent(differing::add);
    }
    return names;
  }

  private static Optional<Item> file(
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
      return Optional.of(new Item(kind, name, List.of()));
    }
    targets.put(name, new Target(LiveStack.nameOf(live), live.path("ID").asText()));
    return plan instanceof FilePlan.Relabel
        ? Optional.of(new Item(kind, name, List.of("/Labels")))
        : Optional.empty();
  }
}
