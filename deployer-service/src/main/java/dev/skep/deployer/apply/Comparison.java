package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.plan.ApiLevel;
import dev.skep.deployer.plan.FilePlan;
import dev.skep.deployer.plan.FilePlanner;
import dev.skep.deployer.plan.Names;
import dev.skep.deployer.plan.Names.Target;
import dev.skep.deployer.plan.PredefinedNetworks;
import dev.skep.deployer.plan.SpecForm;
import dev.skep.deployer.plan.SpecOverlay;
import dev.skep.deployer.plan.UpdateOrder;
import dev.skep.engine.EngineClient;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds where the cluster differs from a stack's objects, changing nothing. */
final class Comparison {
  private final EngineClient engine;

  Comparison(EngineClient engine) {
    this.engine = engine;
  }

  List<String> differing(String stack, StackObjects objects) {
    LiveStack live = LiveStack.read(engine, stack);
    Set<String> differing = new TreeSet<>();
    Names names = names(objects, live, differing);
    for (ObjectNode network : objects.networks()) {
      if (!live.swarmNetworks().containsKey(network.path("Name").asText())) {
        differing.add("network " + network.path("Name").asText());
      }
    }
    for (ObjectNode service : objects.services()) {
      String name = service.path("Name").asText();
      JsonNode found = byName(live.services(), name);
      // One that is updated by hand may rightly be another; it is missed only if it is gone.
      boolean held = found != null && UpdateOrder.held(service);
      if (!held && !asDesired(service, found, names, live.swarmNetworks().values())) {
        differing.add("service " + name);
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
    LiveStack.byName(engine, "secrets", secrets)
        .forEach((n, id) -> names.secrets().put(n, new Target(n, id)));
    LiveStack.byName(engine, "configs", configs)
        .forEach((n, id) -> names.configs().put(n, new Target(n, id)));
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
    targets.put(
        name, new Target(live.path("Spec").path("Name").asText(), live.path("ID").asText()));
    return plan instanceof FilePlan.Relabel ? List.of(kind + " " + name) : List.of();
  }

  private boolean asDesired(
      ObjectNode desired, JsonNode live, Names names, Collection<String> swarmNetworks) {
    if (live == null) {
      return false;
    }
    ObjectNode spec = names.resolve(desired);
    PredefinedNetworks.keep(spec, live.path("Spec"), swarmNetworks);
    ApiLevel.fit(spec, engine.apiVersion());
    ApplyOptions offline = new ApplyOptions(false, ResolveImage.NEVER, Map.of());
    new ImageResolver(engine, offline, new Steps(step -> {})).pin(spec, live);
    JsonNode liveSpec = live.path("Spec");
    return SpecForm.of(SpecOverlay.apply(liveSpec, spec)).equals(SpecForm.of(liveSpec));
  }

  private static JsonNode byName(List<JsonNode> services, String name) {
    return services.stream()
        .filter(s -> s.path("Spec").path("Name").asText().equals(name))
        .findFirst()
        .orElse(null);
  }
}
