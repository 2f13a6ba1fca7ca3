package dev.skep.model.edge;

import java.util.List;

/**
 * The servers behind routes.
 *
 * @param id the load balancer's name in the labels; unique in the cluster
 * @param serviceId the Swarm service whose tasks serve
 * @param scheme {@code http} or {@code https}
 * @param passHostHeader whether the request's own Host is passed on
 * @param servers sorted by id; empty while the service has no tasks: edges then answer 503
 */
public record Backend(
    String id, String serviceId, String scheme, boolean passHostHeader, List<Server> servers)
    implements RoutingEntry {

  /**
   * One task's address.
   *
   * @param id the task's id
   * @param state whether it takes new requests
   */
  public record Server(String id, String address, int port, State state) {}

  /** Whether a server takes new requests. */
  public enum State {
    /** New requests are sent to it. */
    READY,
    /** It ends what it has begun and gets nothing new. */
    DRAIN
  }

  public Backend {
    servers = servers == null ? List.of() : List.copyOf(servers);
  }

  @Override
  public String key() {
    return "backend/" + id;
  }
}
