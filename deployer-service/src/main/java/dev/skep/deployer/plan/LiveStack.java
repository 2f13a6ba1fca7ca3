package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.convert.StackObjects;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What of a stack is on the cluster, as the Engine lists it: everything with the stack's label.
 *
 * @param networks the stack's
 * @param swarmNetworks name to id of every network of the Swarm
 */
public record LiveStack(
    List<JsonNode> services,
    List<JsonNode> secrets,
    List<JsonNode> configs,
    List<JsonNode> networks,
    Map<String, String> swarmNetworks) {

  /** The name of a service, secret or config. */
  public static String nameOf(JsonNode object) {
    return object.path("Spec").path("Name").asText();
  }

  /** The stack's service of a name, or null. */
  public JsonNode service(String name) {
    return services.stream().filter(s -> nameOf(s).equals(name)).findFirst().orElse(null);
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
    return services.stream()
        .filter(s -> !wanted.contains(nameOf(s)) && (own.isEmpty() || !nameOf(s).equals(own)))
        .toList();
  }
}
