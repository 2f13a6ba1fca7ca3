package dev.skep.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.cli.CliException;
import dev.skep.model.Json;
import dev.skep.model.topic.Principal;
import dev.skep.runtime.seal.PrivateKeyRing;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;

/**
 * Everything that cannot be made a second time: one set of secrets that belong together. It lives
 * in memory, in the Swarm's own store and in the recovery kit, and nowhere else.
 *
 * @param set the set's name: its CA's fingerprint. Not secret
 * @param made when, ISO 8601
 * @param kafkaClusterId of the broker that this set is for. Not secret
 * @param ca the CA's certificate, PEM. Not secret
 * @param caKey the CA's private key, PEM
 * @param secrets contents by the name of the Docker secret
 */
record Material(
    String set,
    String made,
    String kafkaClusterId,
    String ca,
    String caKey,
    Map<String, String> secrets) {
  private static final int FORMAT = 1;
  private static final String TOKEN = "skep_token";
  private static final String GRAFANA = "skep_grafana_password";
  private static final String KEYS = "skep_keys_";
  private static final String KAFKA = "skep_kafka_";
  private static final String BROKER = "broker";

  /** How the broker is reached, as one of one or one of three, from inside and in its container. */
  private static final List<String> BROKER_NAMES =
      List.of("kafka", "kafka-1", "kafka-2", "kafka-3", "tasks.kafka", "localhost");

  private static final List<String> PRINCIPALS =
      Stream.concat(
              Principal.SUPER_USERS.stream(), Stream.of(Principal.values()).map(Principal::id))
          .toList();

  Material {
    secrets = Map.copyOf(secrets);
  }

  /** The names of the Docker secrets of a set. */
  static SortedSet<String> names() {
    SortedSet<String> names = new TreeSet<>(List.of(TOKEN, GRAFANA));
    List.of("edge", "edge_public", "cert", "deployer").forEach(k -> names.add(KEYS + k));
    PRINCIPALS.forEach(p -> names.add(KAFKA + p));
    return names;
  }

  /**
   * Makes a new set.
   *
   * @param kafkaClusterId of a broker that is there; empty: a new one
   */
  static Material create(Clock clock, String kafkaClusterId) {
    ControlCa ca = ControlCa.create(clock);
    Map<String, String> secrets = new TreeMap<>();
    for (String principal : PRINCIPALS) {
      List<String> names = principal.equals(BROKER) ? BROKER_NAMES : List.of();
      secrets.put(KAFKA + principal, ca.issue(principal, names));
    }
    PrivateKeyRing edge = PrivateKeyRing.create();
    secrets.put(KEYS + "edge", edge.toJson());
    secrets.put(KEYS + "edge_public", edge.publicKeys().toJson());
    secrets.put(KEYS + "cert", PrivateKeyRing.create().toJson());
    secrets.put(KEYS + "deployer", PrivateKeyRing.create().toJson());
    secrets.put(TOKEN, random(32));
    secrets.put(GRAFANA, random(18));
    return new Material(
        ca.fingerprint(),
        clock.instant().toString(),
        kafkaClusterId.isEmpty() ? Uuid.randomUuid().toString() : kafkaClusterId,
        ca.certificatePem(),
        ca.keyPem(),
        secrets);
  }

  /** As the recovery kit holds it, before it is encrypted. */
  byte[] toJson() {
    ObjectNode tree = Json.mapper().createObjectNode();
    tree.put("format", FORMAT).put("set", set).put("made", made);
    tree.put("kafkaClusterId", kafkaClusterId);
    tree.putObject("ca").put("certificate", ca).put("key", caKey);
    ObjectNode all = tree.putObject("secrets");
    new TreeMap<>(secrets).forEach(all::put);
    try {
      return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(tree);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * From {@link #toJson}.
   *
   * @throws CliException if it is of another format, or something is missing
   */
  static Material fromJson(byte[] json) {
    JsonNode tree;
    try {
      tree = Json.mapper().readTree(json);
    } catch (IOException e) {
      // Without the parser's message: it quotes what it read.
      throw new CliException("the recovery kit opens, but holds no JSON");
    }
    if (tree.path("format").asInt() != FORMAT) {
      throw new CliException(
          "the recovery kit has format %s; this version reads %d"
              .formatted(tree.path("format").asText("none"), FORMAT));
    }
    Map<String, String> secrets = new TreeMap<>();
    tree.path("secrets").properties().forEach(e -> secrets.put(e.getKey(), e.getValue().asText()));
    SortedSet<String> missing = new TreeSet<>(names());
    missing.removeAll(secrets.keySet());
    if (!missing.isEmpty()) {
      throw new CliException("the recovery kit lacks " + String.join(", ", missing));
    }
    return new Material(
        tree.path("set").asText(),
        tree.path("made").asText(),
        tree.path("kafkaClusterId").asText(),
        tree.path("ca").path("certificate").asText(),
        tree.path("ca").path("key").asText(),
        secrets);
  }

  private static String random(int bytes) {
    byte[] random = new byte[bytes];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  /** Without anything secret. */
  @Override
  public String toString() {
    return "Material[" + set + ", made " + made + "]";
  }
}
