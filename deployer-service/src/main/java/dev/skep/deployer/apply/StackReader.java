package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.convert.Namespace;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.plan.External;
import dev.skep.deployer.plan.LiveStack;
import dev.skep.deployer.plan.Names;
import dev.skep.engine.EngineClient;
import dev.skep.engine.Filters;
import dev.skep.engine.Query;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads from the Engine what is decided by; changes nothing. */
final class StackReader {
  private final EngineClient engine;

  StackReader(EngineClient engine) {
    this.engine = engine;
  }

  LiveStack live(String stack) {
    Filters ours = Filters.of("label", Namespace.LABEL + "=" + stack);
    List<List<JsonNode>> read =
        AtOnce.all(
            List.of(
                () -> list(engine.services(false, ours)),
                () -> files("secret", stack),
                () -> files("config", stack),
                () -> list(engine.networks(Filters.of("scope", "swarm")))));
    List<JsonNode> networks = new ArrayList<>();
    Map<String, String> names = new HashMap<>();
    for (JsonNode network : read.get(3)) {
      names.put(network.path("Name").asText(), network.path("Id").asText());
      if (network.path("Labels").path(Namespace.LABEL).asText().equals(stack)) {
        networks.add(network);
      }
    }
    return new LiveStack(read.get(0), read.get(1), read.get(2), networks, names);
  }

  /** The stack's secrets or configs. */
  List<JsonNode> files(String kind, String stack) {
    Filters ours = Filters.of("label", Namespace.LABEL + "=" + stack);
    return list(engine.get("/" + kind + "s", Query.of(ours)));
  }

  /** The stack's service of a name, or null. */
  JsonNode service(String stack, String name) {
    Filters ours = Filters.of("label", Namespace.LABEL + "=" + stack).and("name", name);
    // The Engine matches prefixes.
    for (JsonNode service : engine.services(false, ours)) {
      if (LiveStack.nameOf(service).equals(name)) {
        return service;
      }
    }
    return null;
  }

  /** The id of the stack's network of a name. */
  Optional<String> network(String stack, String name) {
    for (JsonNode network : engine.networks(Filters.of("scope", "swarm"))) {
      if (network.path("Name").asText().equals(name)
          && network.path("Labels").path(Namespace.LABEL).asText().equals(stack)) {
        return Optional.of(network.path("Id").asText());
      }
    }
    return Optional.empty();
  }

  /**
   * The ids of what the stack expects from elsewhere.
   *
   * @throws StackException if something of it is missing
   */
  Names external(StackObjects objects, LiveStack live) {
    External external = External.of(objects);
    Names names =
        external.names(
            live.swarmNetworks(),
            byName("secrets", external.secrets()),
            byName("configs", external.configs()));
    List<String> missing = external.missing(names);
    if (!missing.isEmpty()) {
      throw new StackException(
          "what the stack expects to exist is missing: " + String.join(", ", missing));
    }
    return names;
  }

  /** Services, secrets or configs by exact name, whoever made them: name to id. */
  Map<String, String> byName(String kind, Collection<String> names) {
    Map<String, String> result = new HashMap<>();
    if (names.isEmpty()) {
      return result;
    }
    // The Engine matches prefixes.
    for (JsonNode object : engine.get("/" + kind, Query.of(Filters.of("name", names)))) {
      String name = LiveStack.nameOf(object);
      if (names.contains(name)) {
        result.put(name, object.path("ID").asText());
      }
    }
    return result;
  }

  /** What the stack would make and others have already, as "kind name", sorted. */
  Set<String> taken(StackObjects objects, LiveStack live) {
    Set<String> taken = new TreeSet<>();
    objects.networks().stream()
        .map(n -> n.path("Name").asText())
        .filter(n -> live.network(n).isEmpty() && live.swarmNetworks().containsKey(n))
        .forEach(n -> taken.add("network " + n));
    taken("service", objects.services(), live.services(), taken);
    taken("secret", objects.secrets(), live.secrets(), taken);
    taken("config", objects.configs(), live.configs(), taken);
    return taken;
  }

  private void taken(
      String kind, List<ObjectNode> desired, List<JsonNode> live, Set<String> taken) {
    Set<String> names =
        desired.stream().map(o -> o.path("Name").asText()).collect(Collectors.toSet());
    live.forEach(o -> names.remove(LiveStack.nameOf(o)));
    byName(kind + "s", names).keySet().forEach(n -> taken.add(kind + " " + n));
  }

  private static List<JsonNode> list(JsonNode array) {
    List<JsonNode> result = new ArrayList<>();
    array.forEach(result::add);
    return result;
  }
}
