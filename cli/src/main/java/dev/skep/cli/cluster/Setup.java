package dev.skep.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.CliException;
import dev.skep.cli.Names;
import dev.skep.cli.up.EdgeProxy;
import dev.skep.engine.EngineClient;
import dev.skep.engine.Filters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Makes what the stack needs and does not make itself. Each step finds what is there and leaves it.
 *
 * <ol>
 *   <li>The set of secrets: none there, a new one is made and goes into the recovery kit first,
 *       then to the Swarm, so that no crash leaves a secret without its kit. A part of it there,
 *       the rest comes from the kit: the Swarm gives no content back.
 *   <li>The edges' network, which outlives the stack.
 *   <li>Labels by which the stack finds its nodes.
 *   <li>.env, whose existing lines hold.
 * </ol>
 */
final class Setup {
  private final EngineClient engine;
  private final Path kit;
  private final Passphrase passphrase;
  private final Clock clock;
  private final Consumer<String> tell;

  /**
   * For one run.
   *
   * @param kit where the recovery kit is, or goes
   * @param tell gets a line for each thing that was made or found
   */
  Setup(EngineClient engine, Path kit, Passphrase passphrase, Clock clock, Consumer<String> tell) {
    this.engine = engine;
    this.kit = kit;
    this.passphrase = passphrase;
    this.clock = clock;
    this.tell = tell;
  }

  /**
   * Whether a passphrase will be needed.
   *
   * @throws CliException if the secrets that are there can be neither used nor completed
   */
  static boolean needsPassphrase(SwarmSecrets found) {
    if (!found.foreign().isEmpty()) {
      throw new CliException(
          "skep init did not make these, and needs their names: "
              + String.join(", ", found.foreign())
              + ". Remove them (docker secret rm, docker config rm) if nothing uses them");
    }
    return !found.missing().isEmpty();
  }

  /**
   * Sees to the secrets.
   *
   * @param knownClusterId of a broker that is there; empty if none is known
   * @return the broker's cluster id
   */
  String secrets(SwarmSecrets found, Optional<Path> recover, String knownClusterId) {
    SortedSet<String> missing = found.missing();
    if (found.present().size() > 1) {
      throw new CliException(
          "the secrets that are there are of several sets ("
              + String.join(", ", found.present())
              + "), which do not work together: skep init --renew makes a new one");
    }
    if (missing.isEmpty() && recover.isEmpty()) {
      tell.accept("secrets    exist");
      return found.kafkaClusterId();
    }
    Material material = material(found, recover, knownClusterId);
    if (!found.none() && !found.present().first().equals(material.set())) {
      throw new CliException(
          "the recovery kit is of set %s, and the secrets that are there are of set %s: use that one's kit"
              .formatted(material.set(), found.present().first()));
    }
    List<String> made = found.create(engine, material);
    tell.accept(
        made.isEmpty()
            ? "secrets    exist, and the recovery kit is theirs"
            : "secrets    made: " + String.join(", ", made));
    return material.kafkaClusterId();
  }

  private Material material(SwarmSecrets found, Optional<Path> recover, String knownClusterId) {
    if (recover.isPresent()) {
      return open(recover.get());
    }
    if (!Files.exists(kit)) {
      if (found.none()) {
        return create(knownClusterId);
      }
      throw new CliException(
          "these are missing: "
              + String.join(", ", found.missing())
              + ". They cannot be made to fit those that are there. Give the recovery kit (skep"
              + " init --recover FILE), or make a new set (skep init --renew)");
    }
    // A run that was broken off left its kit, or the stack was uninstalled: both go on with it.
    try {
      Material material = RecoveryKit.open(kit, passphrase.existing(kit));
      tell.accept("kit        " + kit + " exists and is used");
      return material;
    } catch (RecoveryKit.NotOpened e) {
      if (!found.none() || !passphrase.fromFile()) {
        throw new CliException(
            e.getMessage() + ". Try again; or move the file away, and a new set is made");
      }
      putAside();
      return create(knownClusterId);
    }
  }

  private Material create(String knownClusterId) {
    char[] chosen = passphrase.chosen();
    Material material = Material.create(clock, knownClusterId);
    RecoveryKit.write(kit, material, chosen);
    tell.accept("kit        " + kit + " written");
    return material;
  }

  private Material open(Path file) {
    try {
      return RecoveryKit.open(file, passphrase.existing(file));
    } catch (RecoveryKit.NotOpened e) {
      throw new CliException(e.getMessage());
    }
  }

  /** Moves a kit out of the way of a new one: it may be the only key to what is still sealed. */
  void putAside() {
    if (!Files.exists(kit)) {
      return;
    }
    String time =
        DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", java.util.Locale.ROOT)
            .withZone(java.time.ZoneOffset.UTC)
            .format(clock.instant());
    Path aside = kit.resolveSibling(kit.getFileName() + "." + time);
    try {
      Files.move(kit, aside);
    } catch (IOException e) {
      throw new CliException("cannot move " + kit + " to " + aside + ": " + e);
    }
    tell.accept("kit        an older one is now " + aside);
  }

  /** Sees to the edges' network. */
  void network() {
    Optional<JsonNode> there =
        engine
            .networks(Filters.of("name", Names.EDGE_NETWORK))
            .valueStream()
            .filter(n -> n.path("Name").asText().equals(Names.EDGE_NETWORK))
            .map(JsonNode.class::cast)
            .findFirst();
    if (there.isEmpty()) {
      engine.createNetwork(EdgeProxy.network());
      tell.accept("network    " + Names.EDGE_NETWORK + " made");
    } else if (there.get().path("Driver").asText().equals("overlay")) {
      tell.accept("network    " + Names.EDGE_NETWORK + " exists");
    } else {
      throw new CliException(
          "there is a network %s that is no overlay: remove it, edges reach services on an overlay of"
                  .formatted(Names.EDGE_NETWORK)
              + " that name");
    }
  }

  /** Sees to the nodes' labels. */
  void labels(List<ClusterNode> nodes, Answers answers) {
    Map<String, Map<String, String>> wanted =
        NodeLabels.wanted(nodes, answers.edges(), answers.kafka(), answers.data());
    for (ClusterNode node : nodes) {
      List<String> changes = NodeLabels.apply(engine, node.id(), wanted.get(node.id()));
      String now =
          wanted.get(node.id()).entrySet().stream()
              .map(Object::toString)
              .collect(Collectors.joining(" "));
      if (!changes.isEmpty()) {
        tell.accept("node       " + node.name() + " " + String.join(" ", changes));
      } else if (!now.isEmpty()) {
        tell.accept("node       " + node.name() + " has " + now);
      }
    }
  }
}
