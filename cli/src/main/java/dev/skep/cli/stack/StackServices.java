package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.CliException;
import dev.skep.deployer.convert.Namespace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The services of one stack, by full name in its order.
 *
 * @param stack the stack's name
 * @param byName full name to the service as the Engine wrote it
 */
record StackServices(String stack, Map<String, JsonNode> byName) {
  /**
   * Those of a stack.
   *
   * @param all every service of the Swarm
   * @throws CliException naming the stacks that there are, if this one has no service
   */
  static StackServices of(String stack, Iterable<JsonNode> all) {
    Map<String, JsonNode> services = new TreeMap<>();
    Collection<String> others = new TreeSet<>();
    for (JsonNode service : all) {
      String of = service.path("Spec").path("Labels").path(Namespace.LABEL).asText();
      if (of.equals(stack)) {
        services.put(name(service), service);
      } else if (!of.isEmpty()) {
        others.add(of);
      }
    }
    if (services.isEmpty()) {
      String there =
          others.isEmpty() ? "there are none" : "the stacks are " + String.join(", ", others);
      throw new CliException("there is no stack %s; %s".formatted(stack, there));
    }
    return new StackServices(stack, services);
  }

  /** A service's full name. */
  static String name(JsonNode service) {
    return service.path("Spec").path("Name").asText();
  }

  /**
   * Some of them, or all if none is named.
   *
   * @param names with or without the stack's name in front
   * @throws CliException naming every one that there is not, and those that there are
   */
  StackServices select(List<String> names) {
    if (names.isEmpty()) {
      return this;
    }
    Map<String, JsonNode> selected = new TreeMap<>();
    List<String> unknown = new ArrayList<>();
    for (String name : names) {
      String full = full(name);
      if (full == null) {
        unknown.add(name);
      } else {
        selected.put(full, byName.get(full));
      }
    }
    if (!unknown.isEmpty()) {
      throw unknown(unknown);
    }
    return new StackServices(stack, selected);
  }

  /** The full name of a service that is named with or without the stack's; null if none has it. */
  String full(String name) {
    String full = prefix() + name;
    if (byName.containsKey(full)) {
      return full;
    }
    return byName.containsKey(name) ? name : null;
  }

  /** The error that names services which there are not. */
  CliException unknown(List<String> names) {
    return new CliException(
        "stack %s has no service %s; its services are %s"
            .formatted(stack, String.join(", ", names), String.join(", ", shortNames())));
  }

  /** The names within the stack, in their order. */
  List<String> shortNames() {
    return byName.keySet().stream().map(this::shortName).toList();
  }

  /** A full name without the stack's. */
  String shortName(String full) {
    return full.startsWith(prefix()) ? full.substring(prefix().length()) : full;
  }

  private String prefix() {
    return stack + "_";
  }

  /** Id to full name. */
  Map<String, String> namesById() {
    Map<String, String> names = new LinkedHashMap<>();
    byName.forEach((name, service) -> names.put(service.path("ID").asText(), name));
    return names;
  }

  /** Full name to the number of replicas, of those that are replicated. */
  Map<String, Long> replicas() {
    Map<String, Long> replicas = new LinkedHashMap<>();
    byName.forEach(
        (name, service) -> {
          long wanted = Scaling.replicasOf(service.path("Spec"));
          if (wanted >= 0) {
            replicas.put(name, wanted);
          }
        });
    return replicas;
  }
}
