package dev.skep.lab;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * What a lab is to be. Everything it makes bears its name.
 *
 * @param name {@code skep-lab}, or {@code skep-lab-} and more
 * @param shape its nodes
 * @param subnet its network
 */
public record LabSpec(String name, Shape shape, Subnet subnet) {
  /** The name of the lab that was given none. */
  public static final String DEFAULT_NAME = "skep-lab";

  /** On each container, volume and network of a lab: its name. */
  static final String LABEL = "dev.skep.lab";

  /** On each node's container: the node's name. */
  static final String NODE_LABEL = "dev.skep.lab.node";

  /** On the network: the shape. */
  static final String SHAPE_LABEL = "dev.skep.lab.shape";

  private static final Pattern SUFFIX = Pattern.compile("[a-z0-9]{1,16}");

  /**
   * The full name of what the user calls {@code given}.
   *
   * @param given null, empty or {@link #DEFAULT_NAME} for the default; else letters and digits
   */
  public static String fullName(String given) {
    if (given == null || given.isEmpty() || given.equals(DEFAULT_NAME)) {
      return DEFAULT_NAME;
    }
    String suffix = given.startsWith(DEFAULT_NAME + "-") ? given.substring(9) : given;
    if (!SUFFIX.matcher(suffix).matches()) {
      throw new LabException("--name " + given + ": up to 16 small letters and digits");
    }
    return DEFAULT_NAME + "-" + suffix;
  }

  /** The container of a node, or of another part: {@code registry}, {@code acme}. */
  String container(String part) {
    return name + "-" + part;
  }

  /** Its volume. */
  String volume(String part) {
    return name + "-" + part;
  }

  /** Where the nodes' Engines have their sockets, on the host: short, as socket paths must be. */
  Path sockets() {
    return Path.of("/run", name);
  }

  /** A node's Engine. */
  Path socket(String node) {
    return sockets().resolve(node + ".sock");
  }

  /** As {@code DOCKER_HOST}. */
  String dockerHost(String node) {
    return "unix://" + socket(node);
  }

  /** Where the lab keeps files that others read: the ACME CA's certificate, the passphrase. */
  Path directory() {
    return Path.of("/var/lib", name);
  }
}
