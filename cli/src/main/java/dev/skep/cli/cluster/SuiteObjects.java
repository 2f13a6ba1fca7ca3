package dev.skep.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.Names;
import dev.skep.deployer.direct.RevisionConfigs;
import dev.skep.engine.EngineClient;
import dev.skep.engine.Filters;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What is ours on a cluster. An object is ours by two signs, its name and a label; neither alone
 * does.
 *
 * @param services of the stack, as the Engine has them
 * @param networks of the stack, and the edges'
 * @param configs of the stack's files
 * @param kept what looks like ours by one sign and is left alone, with the reason
 */
record SuiteObjects(
    List<JsonNode> services, List<JsonNode> networks, List<JsonNode> configs, List<String> kept) {
  /** The stack's name. */
  static final String STACK = "skep";

  private static final String NAMESPACE = "com.docker.stack.namespace";
  private static final Set<String> NETWORKS =
      Set.of("skep_kafka", "skep_metrics", "skep_engine-write", "skep_engine-read", "skep_egress");

  /** The stack's volumes; they are on nodes, which only their own Engine can look at. */
  static final List<String> VOLUMES =
      List.of(
          "skep_kafka-data",
          "skep_kafka-config",
          "skep_kafka-logs",
          "skep_edge",
          "skep_traefik",
          "skep_engine-node",
          "skep_engine-manager",
          "skep_prometheus",
          "skep_alertmanager",
          "skep_grafana");

  /** Looks at what is there. */
  static SuiteObjects read(EngineClient engine) {
    List<String> kept = new ArrayList<>();
    List<JsonNode> services = new ArrayList<>();
    List<JsonNode> all = list(engine.services(false, stackOnly()));
    for (JsonNode service : all) {
      if (name(service).startsWith(STACK + "_")
          && !label(service.path("Spec").path("Labels"), Names.PART).isEmpty()) {
        services.add(service);
      } else {
        kept.add("service " + name(service) + ": not of Skep's stack, though of that name");
      }
    }
    List<JsonNode> networks = new ArrayList<>();
    for (JsonNode network : list(engine.networks(Filters.of("scope", "swarm")))) {
      String name = network.path("Name").asText();
      JsonNode labels = network.path("Labels");
      boolean edge =
          name.equals(Names.EDGE_NETWORK) && label(labels, Names.PART).equals("edge-network");
      if (edge || (NETWORKS.contains(name) && label(labels, NAMESPACE).equals(STACK))) {
        networks.add(network);
      } else if (name.equals(Names.EDGE_NETWORK)) {
        kept.add("network " + name + ": skep init did not make it");
      }
    }
    // Another's stack of the same name has configs of the same names: then they are its own.
    List<JsonNode> configs =
        services.isEmpty() && !all.isEmpty()
            ? List.of()
            : list(engine.configs()).stream().filter(c -> isOfStack(c) || isRevision(c)).toList();
    return new SuiteObjects(services, networks, configs, kept);
  }

  private static boolean isOfStack(JsonNode config) {
    return label(config.path("Spec").path("Labels"), NAMESPACE).equals(STACK)
        && name(config).startsWith(STACK + "_");
  }

  /** A revision of the stack that was kept before there was a deployer; those of others stay. */
  private static boolean isRevision(JsonNode config) {
    return label(config.path("Spec").path("Labels"), RevisionConfigs.STACK_LABEL).equals(STACK)
        && name(config).startsWith("skep-rev-" + STACK + "-");
  }

  /** Whether the stack, or anything that calls itself so, is there. */
  static boolean deployed(EngineClient engine) {
    return !engine.services(false, stackOnly()).isEmpty();
  }

  /** Whether one of these services still has a container. */
  static boolean running(EngineClient engine, List<JsonNode> services) {
    Set<String> ids = Set.copyOf(services.stream().map(s -> s.path("ID").asText()).toList());
    Predicate<JsonNode> ours = task -> ids.contains(task.path("ServiceID").asText());
    return list(engine.tasks(Filters.none())).stream().anyMatch(ours);
  }

  static String name(JsonNode object) {
    return object.path("Spec").path("Name").asText(object.path("Name").asText());
  }

  private static Filters stackOnly() {
    return Filters.of("label", NAMESPACE + "=" + STACK);
  }

  private static String label(JsonNode labels, String label) {
    return labels.path(label).asText("");
  }

  private static List<JsonNode> list(JsonNode array) {
    List<JsonNode> all = new ArrayList<>();
    array.forEach(all::add);
    return all;
  }
}
