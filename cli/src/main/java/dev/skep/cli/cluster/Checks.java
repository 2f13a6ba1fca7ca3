package dev.skep.cli.cluster;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether an answer will do, and what is wrong with it if not. */
final class Checks {
  private static final Pattern HOST =
      Pattern.compile(
          "(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern MAIL = Pattern.compile("[^\\s@'\"]+@[^\\s@'\"]+\\.[^\\s@'\"]+");
  private static final Pattern NUMBERS = Pattern.compile("[0-9.]+");

  /** What neither .env nor an image's name could hold as it is. */
  private static final Pattern ODD = Pattern.compile("['\"\\\\\n\r]");

  private final List<ClusterNode> nodes;

  Checks(List<ClusterNode> nodes) {
    this.nodes = List.copyOf(nodes);
  }

  /** What is wrong with {@code value}; empty if it will do. */
  Optional<String> problem(Setting setting, String value) {
    if (ODD.matcher(value).find()) {
      return Optional.of("has quotes, a backslash or a line break in it");
    }
    return switch (setting) {
      case DOMAIN ->
          HOST.matcher(value).matches() && !NUMBERS.matcher(value).matches()
              ? Optional.empty()
              : Optional.of("is no domain: use small letters, as example.org");
      case EMAIL ->
          value.isEmpty() || MAIL.matcher(value).matches()
              ? Optional.empty()
              : Optional.of("is no mail address: use one as admin@example.org, or none");
      case DIRECTORY -> directory(value);
      case CA_FILE ->
          value.isEmpty() || Files.isReadable(Path.of(value))
              ? Optional.empty()
              : Optional.of("cannot be read: name a PEM file");
      case VIP -> vip(value);
      case EDGES -> needed(value).or(() -> nodeList(value));
      case KAFKA -> needed(value).or(() -> nodeList(value)).or(() -> oneOrThree(value));
      case DATA -> nodeList(value).or(() -> one(value));
      case IMAGES, VERSION -> needed(value);
      case OVERRIDE, SUFFIXES -> Optional.empty();
    };
  }

  /** The nodes of a list that {@link #problem} found nothing wrong with. */
  List<ClusterNode> nodes(String value) {
    return names(value).stream().map(n -> find(n).getFirst()).toList();
  }

  private static Optional<String> needed(String value) {
    return value.isEmpty() ? Optional.of("is empty") : Optional.empty();
  }

  private static Optional<String> directory(String value) {
    try {
      URI uri = URI.create(value);
      if (value.isEmpty() || ("https".equals(uri.getScheme()) && uri.getHost() != null)) {
        return Optional.empty();
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    return Optional.of("is no directory: use an https URL");
  }

  private Optional<String> vip(String value) {
    if (value.isEmpty()) {
      return Optional.empty();
    }
    int slash = value.indexOf('/');
    if (slash < 0) {
      return Optional.of("has no length of its network: add one, as " + value + "/24");
    }
    try {
      InetAddress address = InetAddress.ofLiteral(value.substring(0, slash));
      int bits = address.getAddress().length * 8;
      int length = Integer.parseInt(value.substring(slash + 1));
      if (length < 1 || length > bits) {
        return Optional.of("has a length of its network that is not between 1 and " + bits);
      }
      if (length < bits - 1 && isEndOfNetwork(address.getAddress(), length)) {
        return Optional.of("is its network's own or its broadcast address: use one between them");
      }
      String literal = address.getHostAddress();
      return nodes.stream()
          .filter(n -> n.address().equals(literal))
          .findFirst()
          .map(n -> "is the address of node " + n.name() + ": use one that nobody has");
    } catch (IllegalArgumentException e) {
      return Optional.of("is no address: use one as 192.0.2.10/24 or 2001:db8::10/64, or none");
    }
  }

  /** All host bits 0, or (IPv4) all 1. */
  private static boolean isEndOfNetwork(byte[] address, int length) {
    boolean zeros = true;
    boolean ones = address.length == 4;
    for (int bit = length; bit < address.length * 8; bit++) {
      boolean set = (address[bit / 8] & (0x80 >> (bit % 8))) != 0;
      zeros &= !set;
      ones &= set;
    }
    return zeros || ones;
  }

  private Optional<String> nodeList(String value) {
    List<String> problems = new ArrayList<>();
    for (String name : names(value)) {
      List<ClusterNode> found = find(name);
      if (found.isEmpty()) {
        problems.add(
            "%s is no node of this Swarm (%s)"
                .formatted(
                    name, String.join(", ", nodes.stream().map(ClusterNode::name).toList())));
      } else if (found.size() > 1) {
        problems.add(name + " is the name of several nodes: use their ids (docker node ls)");
      } else if (!found.getFirst().usable()) {
        ClusterNode node = found.getFirst();
        problems.add(
            "%s is %s and %s: mend it, or choose another"
                .formatted(name, node.state(), node.availability()));
      }
    }
    if (new HashSet<>(names(value)).size() < names(value).size()) {
      problems.add("a node is named twice");
    }
    return problems.isEmpty()
        ? Optional.empty()
        : Optional.of("does not do: " + String.join("; ", problems));
  }

  private static Optional<String> oneOrThree(String value) {
    int count = names(value).size();
    return count == 1 || count == 3
        ? Optional.empty()
        : Optional.of("names " + count + " nodes: one keeps the event store, or three do");
  }

  private static Optional<String> one(String value) {
    return names(value).size() == 1 ? Optional.empty() : Optional.of("must be one node");
  }

  private List<ClusterNode> find(String nameOrId) {
    return nodes.stream()
        .filter(n -> n.name().equals(nameOrId) || n.id().equals(nameOrId))
        .toList();
  }

  private static List<String> names(String value) {
    return java.util.Arrays.stream(value.split(","))
        .map(String::strip)
        .filter(s -> !s.isEmpty())
        .toList();
  }
}
