package dev.skep.deployer.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.compose.ComposeFile;
import dev.skep.deployer.compose.ImageName;
import dev.skep.deployer.compose.Mark;
import dev.skep.deployer.compose.Value;
import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Scalar;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One service's ServiceSpec. */
final class ServiceConverter {
  static final Fields NOTHING = new Fields(Map.of(), new Mark("", 0, 0));

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** The CLI sorts by published port alone and leaves the order of equals to chance. */
  private static final Comparator<ObjectNode> BY_PORT =
      Comparator.<ObjectNode>comparingInt(p -> p.path("PublishedPort").asInt())
          .thenComparingInt(p -> p.path("TargetPort").asInt())
          .thenComparing(p -> p.path("Protocol").asText());

  private final ComposeFile file;
  private final Namespace namespace;
  private final ContainerConverter containers;

  ServiceConverter(ComposeFile file, Namespace namespace) {
    this.file = file;
    this.namespace = namespace;
    this.containers = new ContainerConverter(file, namespace);
  }

  ObjectNode convert(String name, Fields service) {
    Fields deploy = service.fieldsOf("deploy");
    ObjectNode labels = namespace.labels(deploy.fieldsOf("labels"));
    labels.put(Namespace.IMAGE_LABEL, service.text("image"));
    return new Body()
        .text("Name", namespace.scope(name))
        .set("Labels", labels)
        .set("TaskTemplate", task(name, service, deploy))
        .set("Mode", mode(deploy))
        .set("UpdateConfig", update(deploy.get("update_config")))
        .set("RollbackConfig", update(deploy.get("rollback_config")))
        .set("EndpointSpec", endpoint(deploy, service))
        .done();
  }

  private ObjectNode task(String name, Fields service, Fields deploy) {
    ObjectNode container = containers.convert(service);
    container.put("Image", ImageName.tagged(service.text("image")));
    ObjectNode task =
        new Body()
            .set("ContainerSpec", container)
            .set("Resources", resources(deploy.fieldsOf("resources")))
            .set("RestartPolicy", restart(service, deploy))
            .set("Placement", placement(deploy.fieldsOf("placement")))
            .list("Networks", networks(name, service))
            .set("LogDriver", logging(service))
            .done();
    return task.put("ForceUpdate", 0);
  }

  private static ObjectNode mode(Fields deploy) {
    Long replicas = deploy.number("replicas");
    return switch (deploy.text("mode")) {
      case "global" -> new Body().set("Global", JSON.objectNode()).done();
      case "global-job" -> new Body().set("GlobalJob", JSON.objectNode()).done();
      case "replicated-job" ->
          new Body()
              .set(
                  "ReplicatedJob",
                  new Body()
                      .optional("MaxConcurrent", replicas)
                      .optional("TotalCompletions", replicas)
                      .done())
              .done();
      default ->
          new Body().set("Replicated", new Body().optional("Replicas", replicas).done()).done();
    };
  }

  private static JsonNode update(Value value) {
    if (!(value instanceof Fields update)) {
      return null;
    }
    Long parallelism = update.number("parallelism");
    ObjectNode body =
        new Body()
            .number("Delay", update.number("delay"))
            .text("FailureAction", update.text("failure_action"))
            .number("Monitor", update.number("monitor"))
            .done();
    body.put("Order", update.text("order"));
    body.put("Parallelism", parallelism == null ? 1 : parallelism);
    Long whole = update.number("max_failure_ratio");
    if (whole == null
        && update.get("max_failure_ratio") instanceof Scalar(Double ratio, Mark ignored)) {
      // The CLI keeps it as a 32-bit float.
      body.put("MaxFailureRatio", ratio.floatValue());
    } else {
      body.put("MaxFailureRatio", whole == null ? 0 : whole);
    }
    return body;
  }

  private static ObjectNode endpoint(Fields deploy, Fields service) {
    List<ObjectNode> ports = new ArrayList<>();
    for (Value item : service.itemsOf("ports")) {
      Fields port = (Fields) item;
      ports.add(
          new Body()
              .text("Protocol", port.text("protocol").toLowerCase(Locale.ROOT))
              .number("TargetPort", port.number("target"))
              .number("PublishedPort", port.number("published"))
              .text("PublishMode", port.text("mode").toLowerCase(Locale.ROOT))
              .done());
    }
    ports.sort(BY_PORT);
    return new Body()
        .text("Mode", deploy.text("endpoint_mode").toLowerCase(Locale.ROOT))
        .list("Ports", ports)
        .done();
  }

  private static ObjectNode resources(Fields resources) {
    Body body = new Body();
    if (resources.get("limits") instanceof Fields limits) {
      body.set(
          "Limits",
          new Body()
              .number("NanoCPUs", limits.number("cpus"))
              .number("MemoryBytes", limits.number("memory"))
              .number("Pids", limits.number("pids"))
              .done());
    }
    if (resources.get("reservations") instanceof Fields reserved) {
      List<ObjectNode> generic = new ArrayList<>();
      for (Value item : reserved.itemsOf("generic_resources")) {
        Fields discrete = ((Fields) item).fieldsOf("discrete_resource_spec");
        Body one = new Body();
        if (((Fields) item).get("discrete_resource_spec") instanceof Fields) {
          one.set(
              "DiscreteResourceSpec",
              new Body()
                  .text("Kind", discrete.text("kind"))
                  .number("Value", discrete.number("value"))
                  .done());
        }
        generic.add(one.done());
      }
      body.set(
          "Reservations",
          new Body()
              .number("NanoCPUs", reserved.number("cpus"))
              .number("MemoryBytes", reserved.number("memory"))
              .list("GenericResources", generic)
              .done());
    }
    return body.done();
  }

  private static JsonNode restart(Fields service, Fields deploy) {
    if (deploy.get("restart_policy") instanceof Fields policy) {
      return new Body()
          .text("Condition", policy.text("condition"))
          .optional("Delay", policy.number("delay"))
          .optional("MaxAttempts", policy.number("max_attempts"))
          .optional("Window", policy.number("window"))
          .done();
    }
    String restart = service.text("restart");
    int colon = restart.indexOf(':');
    String name = colon < 0 ? restart : restart.substring(0, colon);
    String count = colon < 0 ? "" : restart.substring(colon + 1);
    return switch (name) {
      case "", "no" -> null;
      case "on-failure" ->
          new Body()
              .text("Condition", "on-failure")
              .optional("MaxAttempts", count.isEmpty() ? 0L : Long.valueOf(count))
              .done();
      default -> new Body().text("Condition", "any").done();
    };
  }

  private static ObjectNode placement(Fields placement) {
    List<ObjectNode> preferences = new ArrayList<>();
    for (Value preference : placement.itemsOf("preferences")) {
      ObjectNode spread =
          JSON.objectNode().put("SpreadDescriptor", ((Fields) preference).text("spread"));
      preferences.add(new Body().set("Spread", spread).done());
    }
    return new Body()
        .texts("Constraints", placement.textsOf("constraints"))
        .list("Preferences", preferences)
        .number("MaxReplicas", placement.number("max_replicas_per_node"))
        .done();
  }

  private static JsonNode logging(Fields service) {
    if (!(service.get("logging") instanceof Fields logging)) {
      return null;
    }
    return new Body()
        .text("Name", logging.text("driver"))
        .map("Options", logging.fieldsOf("options"))
        .done();
  }

  private List<ObjectNode> networks(String serviceName, Fields service) {
    Fields attached = service.fieldsOf("networks");
    List<String> names =
        attached.fields().isEmpty() ? List.of("default") : List.copyOf(attached.fields().keySet());
    List<ObjectNode> result = new ArrayList<>();
    for (String name : names) {
      Fields network = file.section("networks").getOrDefault(name, NOTHING);
      Fields attachment = attached.fieldsOf(name);
      String target = namespace.nameOf(name, network);
      List<String> aliases = new ArrayList<>(attachment.textsOf("aliases"));
      if (isUserDefined(target)) {
        aliases.add(serviceName);
      }
      result.add(
          new Body()
              .text("Target", target)
              .texts("Aliases", aliases)
              .map("DriverOpts", attachment.fieldsOf("driver_opts"))
              .done());
    }
    result.sort(Comparator.comparing(n -> n.path("Target").asText()));
    return result;
  }

  /** The Engine's own networks have no aliases. */
  static boolean isUserDefined(String network) {
    return !List.of("default", "bridge", "host", "none").contains(network)
        && !network.startsWith("container:");
  }
}
