package dev.skep.edgeconfig.labels;

/**
 * Every reason a route's condition can carry. The word is the contract: programs compare it, and
 * docs/labels.md explains each one.
 */
public enum Reason {
  /** All is well. */
  ACCEPTED("Accepted"),
  /** The rule's text does not follow the grammar; the message gives the position. */
  INVALID_RULE("InvalidRule"),
  /** Traefik knows this matcher or operator, Skep does not serve it yet. */
  UNSUPPORTED_MATCHER("UnsupportedMatcher"),
  /** Nobody knows this matcher. */
  UNKNOWN_MATCHER("UnknownMatcher"),
  /** A host name or path in a rule or in {@code tls.domains} is not valid. */
  INVALID_VALUE("InvalidValue"),
  /** A host name with a wildcard. */
  UNSUPPORTED_WILDCARD("UnsupportedWildcard"),
  /** No request can match: two different hosts at once, say. */
  RULE_NEVER_MATCHES("RuleNeverMatches"),
  /** Too long, too deep, or too many alternatives. */
  RULE_TOO_COMPLEX("RuleTooComplex"),
  /** A label that does not exist; the message suggests the nearest one that does. */
  UNKNOWN_LABEL("UnknownLabel"),
  /** The same label twice, in different letter case. */
  DUPLICATE_LABEL("DuplicateLabel"),
  /** A label whose value is not of its type. */
  INVALID_LABEL("InvalidLabel"),
  /** A router, service or middleware name that cannot be used. */
  INVALID_NAME("InvalidName"),
  /** An entry point that edges do not have. */
  UNKNOWN_ENTRY_POINT("UnknownEntryPoint"),
  /** TLS asked for on an entry point that is plain. */
  TLS_ON_PLAIN_ENTRY_POINT("TlsOnPlainEntryPoint"),
  /** An option without which serving would be wrong or unsafe. */
  UNSUPPORTED_OPTION("UnsupportedOption"),
  /** TCP or UDP. */
  UNSUPPORTED_PROTOCOL("UnsupportedProtocol"),
  /** A middleware that is not served: without it the route may lack its protection. */
  UNSUPPORTED_MIDDLEWARE("UnsupportedMiddleware"),
  /** A middleware that no service's labels define. */
  UNKNOWN_MIDDLEWARE("UnknownMiddleware"),
  /** A middleware that another service defines differently. */
  MIDDLEWARE_NAME_TAKEN("MiddlewareNameTaken"),
  /** Several load balancers and no {@code service} on the router. */
  AMBIGUOUS_SERVICE("AmbiguousService"),
  /** A load balancer that no service's labels define. */
  UNKNOWN_SERVICE("UnknownService"),
  /** A load balancer that another Swarm service's labels define. */
  SERVICE_NAME_TAKEN("ServiceNameTaken"),
  /** No {@code loadbalancer.server.port}. */
  MISSING_PORT("MissingPort"),
  /** The service's tasks are not on the network that edges use. */
  NOT_ON_EDGE_NETWORK("NotOnEdgeNetwork"),
  /** A job's tasks end by design. */
  JOB_NOT_ROUTED("JobNotRouted"),
  /** Another service has a router of that name. */
  ROUTER_NAME_TAKEN("RouterNameTaken"),
  /** Another service serves that host and path. */
  RULE_TAKEN("RuleTaken"),
  /** On the condition {@code Honoured}: served, but without some harmless option. */
  OPTIONS_IGNORED("OptionsIgnored");

  private final String word;

  Reason(String word) {
    this.word = word;
  }

  /** The reason as it stands in a condition. */
  public String word() {
    return word;
  }
}
