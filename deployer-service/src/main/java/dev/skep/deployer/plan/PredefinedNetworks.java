package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Services on the Engine's own networks, such as host: a spec names them, the Engine answers with
 * an id that no list of networks has. Without this, such a service would differ for ever.
 */
public final class PredefinedNetworks {
  /** Names that need not be made. */
  public static final Set<String> NAMES = Set.of("default", "bridge", "host", "none");

  private PredefinedNetworks() {}

  /**
   * Puts the live spec's id in place of such a name, where there is one of each.
   *
   * @param spec is changed
   * @param swarm the ids of all networks that are listed
   */
  public static void keep(ObjectNode spec, JsonNode live, Collection<String> swarm) {
    List<ObjectNode> named = new ArrayList<>();
    for (JsonNode network : spec.path("TaskTemplate").path("Networks")) {
      if (NAMES.contains(network.path("Target").asText())) {
        named.add((ObjectNode) network);
      }
    }
    List<String> unlisted = new ArrayList<>();
    for (JsonNode network : live.path("TaskTemplate").path("Networks")) {
      if (!swarm.contains(network.path("Target").asText())) {
        unlisted.add(network.path("Target").asText());
      }
    }
    if (named.size() == 1 && unlisted.size() == 1) {
      named.getFirst().put("Target", unlisted.getFirst());
    }
  }
}
