package dev.skep.edgeconfig.routing;

import dev.skep.edgeconfig.labels.LabelProblem;
import dev.skep.edgeconfig.labels.MiddlewareLabels;
import java.util.List;

/**
 * Who has a claim.
 *
 * @param router the router's name, for what a router serves; else null
 * @param content what others that refer to it need to know
 */
record Holder(String serviceId, String service, String router, Content content) {

  /** What a holder tells to those that refer to what it holds. */
  sealed interface Content {}

  /** Nothing: others only need to know that it is taken. */
  enum Nothing implements Content {
    NOTHING
  }

  /** A load balancer, and why routes cannot lead to it, if so. */
  record LoadBalancer(List<LabelProblem> problems, List<String> ignored) implements Content {}

  /** A middleware. */
  record Middleware(MiddlewareLabels labels) implements Content {}
}
