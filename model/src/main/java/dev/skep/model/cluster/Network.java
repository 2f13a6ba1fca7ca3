package dev.skep.model.cluster;

import java.util.List;
import java.util.Map;

/**
 * A network of the Swarm.
 *
 * @param subnets in CIDR form
 */
public record Network(
    String id,
    String name,
    String driver,
    boolean ingress,
    boolean attachable,
    boolean internal,
    List<String> subnets,
    Map<String, String> labels) {

  public Network {
    subnets = subnets == null ? List.of() : List.copyOf(subnets);
    labels = labels == null ? Map.of() : Map.copyOf(labels);
  }
}
