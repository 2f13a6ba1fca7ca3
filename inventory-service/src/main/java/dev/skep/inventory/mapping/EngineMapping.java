package dev.skep.inventory.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.cluster.Network;
import dev.skep.model.cluster.Node;
import dev.skep.model.cluster.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * The Engine's objects as the model's records. A field that is missing or of a kind that is not
 * known gets its neutral value; an object without identity, or with a value that cannot be read, is
 * an {@link UndecodableException}.
 */
public final class EngineMapping {
  private EngineMapping() {}

  /** An element of GET /nodes. */
  public static Node node(JsonNode json) {
    JsonNode spec = json.path("Spec");
    JsonNode description = json.path("Description");
    JsonNode resources = description.path("Resources");
    JsonNode manager = json.path("ManagerStatus");
    return new Node(
        Fields.id(json, "node", "ID"),
        description.path("Hostname").asText(""),
        Fields.constant(Node.Role.class, spec.path("Role"), Node.Role.WORKER),
        Fields.constant(
            Node.Availability.class, spec.path("Availability"), Node.Availability.ACTIVE),
        Fields.constant(Node.State.class, json.path("Status").path("State"), Node.State.UNKNOWN),
        json.path("Status").path("Addr").asText(""),
        manager.path("Leader").asBoolean(),
        manager.isObject()
            ? Fields.constant(
                Node.Reachability.class, manager.path("Reachability"), Node.Reachability.UNKNOWN)
            : null,
        description.path("Engine").path("EngineVersion").asText(""),
        description.path("Platform").path("OS").asText(""),
        description.path("Platform").path("Architecture").asText(""),
        resources.path("NanoCPUs").asLong(),
        resources.path("MemoryBytes").asLong(),
        Fields.strings(spec.path("Labels")),
        null,
        Fields.version(json));
  }

  /** An element of GET /services. See {@link ServiceMapping}. */
  public static dev.skep.model.cluster.Service service(JsonNode json) {
    return ServiceMapping.service(json);
  }

  /**
   * An element of GET /tasks. It is ready here if it runs and is wanted: a task with a health check
   * counts as running only once it has passed. What its node and its node agent say is for who
   * knows them: {@link ClusterState} and the ledger.
   */
  public static Task task(JsonNode json) {
    String id = Fields.id(json, "task", "ID");
    JsonNode status = json.path("Status");
    JsonNode container = status.path("ContainerStatus");
    Task.State state = Fields.constant(Task.State.class, status.path("State"), Task.State.UNKNOWN);
    Task.State desired =
        Fields.constant(Task.State.class, json.path("DesiredState"), Task.State.UNKNOWN);
    boolean ready = state == Task.State.RUNNING && desired.compareTo(Task.State.RUNNING) <= 0;
    return new Task(
        id,
        json.path("ServiceID").asText(""),
        json.path("Slot").asInt(),
        Fields.textOrNull(json.path("NodeID")),
        state,
        desired,
        ready,
        status.path("Message").asText(""),
        status.path("Err").asText(""),
        state.terminal() && container.has("ExitCode") ? container.path("ExitCode").asInt() : null,
        Fields.textOrNull(container.path("ContainerID")),
        json.path("Spec").path("ContainerSpec").path("Image").asText(""),
        addresses(json.path("NetworksAttachments")),
        Fields.instant(json.path("CreatedAt"), "CreatedAt of task " + id),
        Fields.instant(status.path("Timestamp"), "Status.Timestamp of task " + id),
        Fields.version(json));
  }

  /** An element of GET /networks. */
  public static Network network(JsonNode json) {
    List<String> subnets = new ArrayList<>();
    for (JsonNode config : json.path("IPAM").path("Config")) {
      String subnet = config.path("Subnet").asText("");
      if (!subnet.isEmpty()) {
        subnets.add(subnet);
      }
    }
    return new Network(
        Fields.id(json, "network", "Id"),
        json.path("Name").asText(""),
        json.path("Driver").asText(""),
        json.path("Ingress").asBoolean(),
        json.path("Attachable").asBoolean(),
        json.path("Internal").asBoolean(),
        subnets,
        Fields.strings(json.path("Labels")));
  }

  /** A whole snapshot; see {@link ClusterState#fromSnapshot}. */
  public static ClusterState fromSnapshot(JsonNode snapshot) {
    return ClusterState.fromSnapshot(snapshot);
  }

  private static List<Task.Address> addresses(JsonNode attachments) {
    List<Task.Address> addresses = new ArrayList<>();
    for (JsonNode attachment : attachments) {
      String network = attachment.path("Network").path("ID").asText("");
      String cidr = attachment.path("Addresses").path(0).asText("");
      if (!network.isEmpty() && !cidr.isEmpty()) {
        addresses.add(new Task.Address(network, cidr.replaceFirst("/[0-9]+$", "")));
      }
    }
    return addresses;
  }
}
