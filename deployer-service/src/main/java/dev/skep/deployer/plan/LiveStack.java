package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.convert.StackObjects;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What of a stack is on the cluster, as the Engine lists it: everything with the stack's label.
 *
 * @param byName its services by their full names
 * @param networks the stack's
 * @param swarmNetworks name to id of every network of the Swarm
 */
public record LiveStack(
    Map<String, JsonNode> byName,
    List<JsonNode> secrets,
    List<JsonNode> configs,
    List<JsonNode> networks,
    Map<String, String> swarmNetworks) {

  /** From lists, as the Engine gives them. */
  public LiveStack(
      List<JsonNode> services,
      List<JsonNode> secrets,
      List<JsonNode> configs,
      List<JsonNode> networks,
      Map<String, String> swarmNetworks) {
    this(named(services), secrets, configs, networks, swarmNetworks);
  }

  private static Map<String, JsonNode> named(List<JsonNode> services) {
    Map<String, JsonNode> byName = new LinkedHashMap<>();
    services.forEach(s -> byName.put(nameOf(s), s));
    return byName;
  }

  /** The stack's services, in the Engine's order. */
  public List<JsonNode> services() {
    return List.copyOf(byName.values());
  }

  /** The name of a service, secret or config. */
  public static String nameOf(JsonNode object) {
    return object.path("Spec").path("Name").asText();
  }

  /** The stack's service of a name, or null. */
  public JsonNode service(String name) {
    return byName.get(name);
  }

  /** The id of the stack's network of a name: it is there, and is never changed. */
  public Optional<String> network(String name) {
    return networks.stream()
        .filter(n -> n.path("Name").asText().equals(name))
        .map(n -> n.path("Id").asText())
        .findFirst();
  }

  /**
   * The services that nobody asks for any more: what pruning removes.
   *
   * @param own the deployer's own service, which is never among them; "" if it has none
   */
  public List<JsonNode> superfluous(StackObjects objects, String own) {
    Set<String> wanted =
        objects.services().stream().map(s -> s.path("Name").asText()).collect(Collectors.toSet());
    return byName.values().stream()
        .filter(s -> !wanted.contains(nameOf(s)) && (own.isEmpty() || !nameOf(s).equals(own)))
        .toList();
  }
}
