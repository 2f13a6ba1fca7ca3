package dev.skep.lab;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lab's network, a /24.
 *
 * @param prefix its first three numbers: {@code 172.30.84}
 */
public record Subnet(String prefix) {
  /** What a lab has that was told nothing else. */
  public static final Subnet DEFAULT = new Subnet("172.30.84");

  private static final Pattern CIDR =
      Pattern.compile(
          "((?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)){2})\\.0/24");

  /**
   * Reads {@code 172.30.84.0/24}.
   *
   * @throws LabException if it is no IPv4 /24
   */
  public static Subnet parse(String cidr) {
    Matcher matcher = CIDR.matcher(cidr);
    if (!matcher.matches()) {
      throw new LabException("--subnet " + cidr + ": an IPv4 /24, such as 172.30.84.0/24");
    }
    return new Subnet(matcher.group(1));
  }

  /** As it is written in CIDR notation. */
  public String cidr() {
    return prefix + ".0/24";
  }

  /** The registry, from which the nodes pull. */
  public String registry() {
    return host(3);
  }

  /** Pebble, the ACME CA. */
  public String acme() {
    return host(4);
  }

  /** The floating address that the edges share. */
  public String vip() {
    return host(100);
  }

  /** A node's address. */
  public String of(Node node) {
    return host(node.host());
  }

  private String host(int number) {
    return prefix + "." + number;
  }
}
