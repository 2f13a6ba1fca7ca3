package dev.skep.deployer.compose;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The short form of a port: {@code [[IP:]PUBLISHED:]TARGET[/PROTOCOL]}, both may be ranges.
 *
 * @param published 0 if the Engine is to choose one
 */
record PortSpec(int target, int published, String protocol, boolean hasAddress) {
  private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp");

  private record Range(int from, int to) {
    int size() {
      return to - from + 1;
    }
  }

  /** All ports that the text names, in the CLI's order. */
  static List<PortSpec> parse(String text) {
    int last = text.lastIndexOf(':');
    String before = last < 0 ? "" : text.substring(0, last);
    String[] inside = text.substring(last + 1).split("/", -1);
    String target = inside[0];
    String named = inside.length < 2 ? "" : inside[1].toLowerCase(Locale.ROOT);
    String protocol = named.isEmpty() ? "tcp" : named;
    if (!PROTOCOLS.contains(protocol)) {
      throw invalid(text, "the protocol must be one of tcp, udp, sctp");
    }
    int middle = before.lastIndexOf(':');
    String published = before.substring(middle + 1);
    boolean hasAddress = middle > 0;
    if (hasAddress && !IpAddress.isOne(before.substring(0, middle))) {
      throw invalid(text, "'" + before.substring(0, middle) + "' is not an address");
    }
    Range targets = range(text, target);
    if (published.isEmpty()) {
      return expand(targets, null, protocol, hasAddress);
    }
    Range hosts = range(text, published);
    if (hosts.size() != targets.size() && targets.size() != 1) {
      throw invalid(text, "the ranges must be of the same length");
    }
    return expand(targets, hosts, protocol, hasAddress);
  }

  private static List<PortSpec> expand(
      Range targets, Range hosts, String protocol, boolean hasAddress) {
    List<PortSpec> ports = new ArrayList<>();
    if (hosts != null && targets.size() == 1) {
      for (int host = hosts.from(); host <= hosts.to(); host++) {
        ports.add(new PortSpec(targets.from(), host, protocol, hasAddress));
      }
      return ports;
    }
    for (int i = 0; i < targets.size(); i++) {
      int host = hosts == null ? 0 : hosts.from() + i;
      ports.add(new PortSpec(targets.from() + i, host, protocol, hasAddress));
    }
    ports.sort(Comparator.comparing(p -> p.target() + "/" + p.protocol()));
    return ports;
  }

  private static Range range(String text, String part) {
    int dash = part.indexOf('-');
    int from = port(text, dash < 0 ? part : part.substring(0, dash));
    int to = dash < 0 ? from : port(text, part.substring(dash + 1));
    if (to < from) {
      throw invalid(text, "a range must rise");
    }
    return new Range(from, to);
  }

  private static int port(String text, String digits) {
    try {
      int port = Integer.parseInt(digits);
      if (port >= 0 && port <= 65535 && Character.isDigit(digits.charAt(0))) {
        return port;
      }
    } catch (NumberFormatException notOne) {
      throw invalid(text, "'" + digits + "' is not a port");
    }
    throw invalid(text, "a port is at most 65535");
  }

  private static IllegalArgumentException invalid(String text, String why) {
    return new IllegalArgumentException(
        "'%s' is not a port: %s; write [PUBLISHED:]TARGET[/PROTOCOL]".formatted(text, why));
  }
}
