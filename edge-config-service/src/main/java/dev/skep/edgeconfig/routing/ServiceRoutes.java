package dev.skep.edgeconfig.routing;

import dev.skep.edgeconfig.labels.LabelProblem;
import dev.skep.edgeconfig.labels.MiddlewareLabels;
import java.util.Collection;
import java.util.List;

/**
 * All that one Swarm service asks of the edges. Made from that service alone: what other services
 * hold is {@link Claims}' matter.
 *
 * @param problems of labels that belong to no router; reported as a route of their own
 * @param layer4 routers of TCP and UDP, which are not served
 */
public record ServiceRoutes(
    String serviceId,
    String service,
    List<RouteDraft> routes,
    List<BackendDraft> backends,
    Collection<MiddlewareLabels> middlewares,
    List<String> layer4,
    List<LabelProblem> problems) {

  /** A service that asks for nothing, or is gone. */
  public static ServiceRoutes none(String serviceId, String service) {
    return new ServiceRoutes(
        serviceId, service, List.of(), List.of(), List.of(), List.of(), List.of());
  }

  static ServiceRoutes refused(String serviceId, String service, LabelProblem problem) {
    return new ServiceRoutes(
        serviceId, service, List.of(), List.of(), List.of(), List.of(), List.of(problem));
  }
}
