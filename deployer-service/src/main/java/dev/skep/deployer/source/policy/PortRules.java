package dev.skep.deployer.source.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.source.declare.Policy;
import java.util.Set;

/** Ports that are published. */
final class PortRules {
  /** Swarm's own: management, gossip, data. */
  private static final Set<Long> SWARM = Set.of(2377L, 7946L, 4789L);

  private static final long FIRST_FREE = 1024;

  private PortRules() {}

  static void check(JsonNode ports, String service, Policy policy, Refusals refusals) {
    for (JsonNode port : ports) {
      long published = port.path("PublishedPort").asLong();
      boolean host = port.path("PublishMode").asText().equals("host");
      if (host && !policy.hostPorts().allow(published)) {
        refusals.add(
            published == 0
                ? "a port of the node itself is published, without saying which"
                : "port %d of the node itself is published".formatted(published),
            "'hostPorts: [%s]'".formatted(published == 0 ? "PORT" : published)
                + (published == 0 ? ", and the port must be named" : ""),
            "services",
            service,
            "ports");
      }
      boolean reserved = published > 0 && (published < FIRST_FREE || SWARM.contains(published));
      if (!host && reserved && !policy.ports().allow(published)) {
        refusals.add(
            "port %d of all nodes is published".formatted(published),
            "'ports: [%d]'".formatted(published),
            "services",
            service,
            "ports");
      }
    }
  }
}
