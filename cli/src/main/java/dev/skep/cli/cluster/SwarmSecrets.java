package dev.skep.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.cli.CliException;
import dev.skep.cli.Names;
import dev.skep.engine.EngineClient;
import dev.skep.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A set of secrets as the Swarm holds it. Contents cannot be read back; which set each one is of
 * stands in a label.
 *
 * @param sets the set's name by the name of each of our secrets that is there
 * @param foreign names that are taken by what {@code skep init} did not make
 * @param caSet the set of the CA's config; empty if it is not there
 * @param kafkaClusterId that was noted with the CA; empty if it is not there
 */
record SwarmSecrets(
    Map<String, String> sets, SortedSet<String> foreign, String caSet, String kafkaClusterId) {
  static final String CA = "skep_ca";

  private static final String SET = "dev.skep.set";
  private static final String CLUSTER_ID = "dev.skep.kafka-cluster-id";
  private static final String SECRET_PART = "secret";
  private static final String CA_PART = "ca";

  /** Looks at what is there. */
  static SwarmSecrets read(EngineClient engine) {
    Map<String, String> sets = new TreeMap<>();
    SortedSet<String> foreign = new TreeSet<>();
    for (JsonNode spec : specs(engine.secrets())) {
      String name = spec.path("Name").asText();
      if (!Material.names().contains(name)) {
        continue;
      }
      if (isOurs(spec, SECRET_PART)) {
        sets.put(name, spec.path("Labels").path(SET).asText());
      } else {
        foreign.add(name);
      }
    }
    String caSet = "";
    String clusterId = "";
    for (JsonNode spec : specs(engine.configs())) {
      if (!spec.path("Name").asText().equals(CA)) {
        continue;
      }
      if (isOurs(spec, CA_PART)) {
        caSet = spec.path("Labels").path(SET).asText();
        clusterId = spec.path("Labels").path(CLUSTER_ID).asText();
      } else {
        foreign.add(CA);
      }
    }
    return new SwarmSecrets(sets, foreign, caSet, clusterId);
  }

  /** Whether nothing of a set is there. */
  boolean none() {
    return sets.isEmpty() && caSet.isEmpty();
  }

  /** The names that are not there. */
  SortedSet<String> missing() {
    SortedSet<String> missing = new TreeSet<>(Material.names());
    missing.removeAll(sets.keySet());
    if (caSet.isEmpty()) {
      missing.add(CA);
    }
    return missing;
  }

  /** The sets that what is there is of: more than one is a mixture that does not work. */
  SortedSet<String> present() {
    SortedSet<String> present = new TreeSet<>(sets.values());
    if (!caSet.isEmpty()) {
      present.add(caSet);
    }
    return present;
  }

  /**
   * Makes what is missing.
   *
   * @return the names of what was made
   */
  List<String> create(EngineClient engine, Material material) {
    List<String> made = new ArrayList<>();
    // The CA first: it carries what .env needs, should this be broken off.
    if (caSet.isEmpty()) {
      ObjectNode config = object(CA, CA_PART, material.set(), material.ca());
      config.withObjectProperty("Labels").put(CLUSTER_ID, material.kafkaClusterId());
      engine.createConfig(config);
      made.add(CA);
    }
    for (String name : Material.names()) {
      if (!sets.containsKey(name)) {
        engine.createSecret(
            object(name, SECRET_PART, material.set(), material.secrets().get(name)));
        made.add(name);
      }
    }
    return made;
  }

  /**
   * Removes all of them that are ours.
   *
   * @param tell gets one line for each
   * @throws CliException if one is in use
   */
  static void remove(EngineClient engine, java.util.function.Consumer<String> tell) {
    ours(engine.secrets(), SECRET_PART)
        .forEach(
            o -> {
              engine.removeSecret(o.path("ID").asText());
              tell.accept("secret " + name(o) + " removed");
            });
    ours(engine.configs(), CA_PART)
        .forEach(
            o -> {
              engine.removeConfig(o.path("ID").asText());
              tell.accept("config " + name(o) + " removed");
            });
  }

  /** Our secrets' names, and our config's. */
  static List<String> names(EngineClient engine) {
    return Stream.concat(
            ours(engine.secrets(), SECRET_PART).stream().map(o -> "secret " + name(o)),
            ours(engine.configs(), CA_PART).stream().map(o -> "config " + name(o)))
        .toList();
  }

  private static List<JsonNode> ours(JsonNode all, String part) {
    List<JsonNode> ours = new ArrayList<>();
    all.forEach(
        o -> {
          if (isOurs(o.path("Spec"), part)) {
            ours.add(o);
          }
        });
    return ours;
  }

  /** By name and label: neither alone makes an object ours. */
  private static boolean isOurs(JsonNode spec, String part) {
    String name = spec.path("Name").asText();
    return (name.equals(CA) || Material.names().contains(name))
        && spec.path("Labels").path(Names.PART).asText().equals(part);
  }

  private static String name(JsonNode object) {
    return object.path("Spec").path("Name").asText();
  }

  private static List<JsonNode> specs(JsonNode all) {
    return all.valueStream().map(o -> o.path("Spec")).map(JsonNode.class::cast).toList();
  }

  private static ObjectNode object(String name, String part, String set, String content) {
    ObjectNode object = Json.mapper().createObjectNode().put("Name", name);
    object.putObject("Labels").put(Names.PART, part).put(SET, set);
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return object.put("Data", Base64.getEncoder().encodeToString(bytes));
  }
}
