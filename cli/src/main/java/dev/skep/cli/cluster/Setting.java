package dev.skep.cli.cluster;

/** What {@code skep init} must know. */
enum Setting {
  DOMAIN(
      "SKEP_DOMAIN",
      "--domain",
      "The domain under which the console is served, as skep.DOMAIN",
      true),
  EMAIL(
      "SKEP_ACME_EMAIL",
      "--acme-email",
      "Mail address for certificates of Let's Encrypt (none: an internal CA's)",
      true),
  DIRECTORY("SKEP_ACME_DIRECTORY", "--acme-directory", "The ACME CA's directory", false),
  CA_FILE("SKEP_ACME_CA_FILE", "--acme-ca-file", "Roots of the directory's own TLS", false),
  SUFFIXES(
      "SKEP_CERT_INTERNAL_SUFFIXES",
      "--internal-suffixes",
      "Names for the internal CA alone",
      false),
  VIP(
      "SKEP_VIP",
      "--vip",
      "The floating address of the edges, with its network's length, as 192.0.2.10/24 (none:"
          + " without)",
      true),
  EDGES(
      "SKEP_EDGE_NODES",
      "--edge-nodes",
      "The nodes that take traffic on ports 80 and 443, by comma",
      true),
  KAFKA(
      "SKEP_KAFKA_NODES",
      "--kafka-nodes",
      "The node that keeps the event store (or three, by comma)",
      true),
  DATA("SKEP_DATA_NODE", "--data-node", "The node that keeps metrics", false),
  OVERRIDE("SKEP_OVERRIDE", "--override", "Files to merge over stack.yml", false),
  IMAGES("SKEP_IMAGES", "--images", "Where the suite's images come from", false),
  VERSION("SKEP_VERSION", "--suite-version", "The suite's version", false);

  private final String variable;
  private final String option;
  private final String question;
  private final boolean asked;

  Setting(String variable, String option, String question, boolean asked) {
    this.variable = variable;
    this.option = option;
    this.question = question;
    this.asked = asked;
  }

  /** The environment variable that gives its default, and its name in .env if it is kept there. */
  String variable() {
    return variable;
  }

  String option() {
    return option;
  }

  String question() {
    return question;
  }

  /** Whether it must be answered; the others have a default that suits nearly everyone. */
  boolean asked() {
    return asked;
  }

  /** Whether node labels keep it, and not .env. */
  boolean isNode() {
    return this == EDGES || this == KAFKA || this == DATA;
  }
}
