package dev.skep.inventory.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.cluster.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The Engine's services as records. No value of an environment variable leaves this class. */
final class ServiceMapping {
  private static final String MASK = "****";

  private ServiceMapping() {}

  static Service service(JsonNode json) {
    String id = Fields.id(json, "service", "ID");
    JsonNode spec = json.path("Spec");
    JsonNode template = spec.path("TaskTemplate");
    JsonNode container = template.path("ContainerSpec");
    Map<String, String> labels = Fields.strings(spec.path("Labels"));
    Service.Mode mode = mode(id, spec.path("Mode"));
    return new Service(
        id,
        spec.path("Name").asText(""),
        labels.get("com.docker.stack.namespace"),
        labels,
        mode,
        desired(mode, json),
        container.path("Image").asText(""),
        // Before API 1.25 networks stood in the spec itself; old services still carry them there.
        networks(template.path("Networks").isEmpty() ? spec : template),
        ports(json),
        !"dnsrr".equals(spec.path("EndpointSpec").path("Mode").asText("")),
        healthcheck(container.path("Healthcheck").path("Test")),
        masked(container.path("Env")),
        updateStatus(id, json.path("UpdateStatus")),
        Fields.instant(json.path("CreatedAt"), "CreatedAt of service " + id),
        Fields.instant(json.path("UpdatedAt"), "UpdatedAt of service " + id),
        Fields.version(json));
  }

  private static Service.Mode mode(String id, JsonNode mode) {
    if (mode.has("Replicated")) {
      return Service.Mode.REPLICATED;
    }
    if (mode.has("Global")) {
      return Service.Mode.GLOBAL;
    }
    if (mode.has("ReplicatedJob")) {
      return Service.Mode.REPLICATED_JOB;
    }
    if (mode.has("GlobalJob")) {
      return Service.Mode.GLOBAL_JOB;
    }
    List<String> names = new ArrayList<>();
    mode.fieldNames().forEachRemaining(names::add);
    throw new UndecodableException("the mode of service " + id + " is " + names + ": not known");
  }

  /** The Engine leaves Replicas out when it means 0; for global services it counts for us. */
  private static int desired(Service.Mode mode, JsonNode json) {
    JsonNode spec = json.path("Spec").path("Mode");
    return switch (mode) {
      case REPLICATED -> spec.path("Replicated").path("Replicas").asInt();
      case REPLICATED_JOB -> {
        JsonNode job = spec.path("ReplicatedJob");
        yield job.path("TotalCompletions").asInt(job.path("MaxConcurrent").asInt(1));
      }
      case GLOBAL, GLOBAL_JOB -> json.path("ServiceStatus").path("DesiredTasks").asInt();
    };
  }

  private static List<String> networks(JsonNode holder) {
    List<String> targets = new ArrayList<>();
    for (JsonNode network : holder.path("Networks")) {
      String target = network.path("Target").asText("");
      if (!target.isEmpty()) {
        targets.add(target);
      }
    }
    return targets;
  }

  /** The endpoint's ports, as they tell those that the Engine chose; else the spec's. */
  private static List<Service.Port> ports(JsonNode json) {
    JsonNode chosen = json.path("Endpoint").path("Ports");
    JsonNode source =
        chosen.isEmpty() ? json.path("Spec").path("EndpointSpec").path("Ports") : chosen;
    List<Service.Port> ports = new ArrayList<>();
    for (JsonNode port : source) {
      ports.add(
          new Service.Port(
              port.path("Protocol").asText("tcp"),
              port.path("TargetPort").asInt(),
              port.path("PublishedPort").asInt(),
              "host".equals(port.path("PublishMode").asText(""))));
    }
    return ports;
  }

  /** Whether the spec brings one; the image may bring one of its own. */
  private static boolean healthcheck(JsonNode test) {
    String kind = test.path(0).asText("");
    return !kind.isEmpty() && !kind.equals("NONE");
  }

  private static Map<String, String> masked(JsonNode env) {
    Map<String, String> masked = new TreeMap<>();
    for (JsonNode entry : env) {
      String text = entry.asText("");
      int equals = text.indexOf('=');
      String name = equals < 0 ? text : text.substring(0, equals);
      if (!name.isEmpty()) {
        masked.put(name, MASK);
      }
    }
    return masked;
  }

  private static Service.UpdateStatus updateStatus(String id, JsonNode status) {
    if (!status.isObject() || status.path("State").asText("").isEmpty()) {
      return null;
    }
    return new Service.UpdateStatus(
        status.path("State").asText(""),
        status.path("Message").asText(""),
        Fields.instant(status.path("StartedAt"), "UpdateStatus.StartedAt of service " + id),
        Fields.instant(status.path("CompletedAt"), "UpdateStatus.CompletedAt of service " + id));
  }
}
