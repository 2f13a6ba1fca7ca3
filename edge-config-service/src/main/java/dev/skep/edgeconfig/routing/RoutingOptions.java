package dev.skep.edgeconfig.routing;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the operator decides about routing.
 *
 * @param edgeNetwork the network on which edges reach tasks, unless a service names another
 * @param exposedByDefault whether services are routed that do not say {@code traefik.enable}
 * @param entryPoints names in labels, in lower case, to those of edges ({@code web}, {@code
 *     websecure})
 */
public record RoutingOptions(
    String edgeNetwork, boolean exposedByDefault, Map<String, String> entryPoints) {

  public static final String DEFAULT_NETWORK = "skep-edge";

  /** Plain HTTP on every edge. */
  static final String WEB = "web";

  /** TLS on every edge. */
  static final String WEBSECURE = "websecure";

  /** What a router gets that names none: all of them, as in Traefik. */
  static final List<String> DEFAULT_ENTRY_POINTS = List.of(WEB, WEBSECURE);

  public RoutingOptions {
    Objects.requireNonNull(edgeNetwork, "edgeNetwork");
    entryPoints = Map.copyOf(entryPoints);
  }

  /** {@code skep-edge}, opt-in, and the names that Traefik's own guides use. */
  public static RoutingOptions defaults() {
    return new RoutingOptions(
        DEFAULT_NETWORK,
        false,
        Map.of(WEB, WEB, WEBSECURE, WEBSECURE, "http", WEB, "https", WEBSECURE));
  }

  /** These, with another network. */
  public RoutingOptions withEdgeNetwork(String network) {
    return new RoutingOptions(network, exposedByDefault, entryPoints);
  }

  /** These, with another default for services without {@code traefik.enable}. */
  public RoutingOptions withExposedByDefault(boolean exposed) {
    return new RoutingOptions(edgeNetwork, exposed, entryPoints);
  }
}
