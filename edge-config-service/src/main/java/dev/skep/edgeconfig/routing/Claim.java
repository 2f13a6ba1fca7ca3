package dev.skep.edgeconfig.routing;

/** Something of which there is one in the cluster. Whoever has it keeps it until it lets go. */
sealed interface Claim {
  /** A router's name. */
  record RouterName(String name) implements Claim {}

  /** A load balancer's name. */
  record BackendName(String name) implements Claim {}

  /** A middleware's name. */
  record MiddlewareName(String name) implements Claim {}

  /** What a router matches on one entry point. */
  record Served(String entryPoint, Match match) implements Claim {}
}
