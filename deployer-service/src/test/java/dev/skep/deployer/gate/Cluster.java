package dev.skep.deployer.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** One service and its tasks as the Engine lists them. */
final class Cluster {
  final ObjectNode service =
      json(
          """
          {'ID':'S','Spec':{'Name':'s_web','Mode':{'Replicated':{'Replicas':2}},
           'TaskTemplate':{'ContainerSpec':{'Image':'web:2'},'Placement':{}}}}
          """);
  final List<JsonNode> tasks = new ArrayList<>();
  final Set<String> before;
  private int minute;

  Cluster(String... failedBefore) {
    before = Set.of(failedBefore);
  }

  static ObjectNode json(String text) {
    try {
      return (ObjectNode) Json.mapper().readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Cluster mode(String mode) {
    ((ObjectNode) service.get("Spec")).set("Mode", json(mode));
    return this;
  }

  Cluster restart(String condition) {
    service.withObject("/Spec/TaskTemplate/RestartPolicy").put("Condition", condition);
    return this;
  }

  Cluster healthcheck() {
    service.withObject("/Spec/TaskTemplate/ContainerSpec/Healthcheck").putArray("Test").add("CMD");
    return this;
  }

  /** Swarm's word of the update from {@code web:1}. */
  Cluster update(String state, String message) {
    updated();
    service.withObject("/UpdateStatus").put("State", state).put("Message", message);
    return this;
  }

  /** An update of which Swarm does not tell yet. */
  Cluster updated() {
    ObjectNode previous = service.get("Spec").deepCopy();
    previous.withObject("/TaskTemplate/ContainerSpec").put("Image", "web:1");
    service.set("PreviousSpec", previous);
    return this;
  }

  /** A task of the spec as it is; each is newer than those before it. */
  Cluster task(int slot, String desired, String state) {
    return task(slot, desired, state, service.at("/Spec/TaskTemplate"));
  }

  /** A task of {@code web:1}. */
  Cluster old(int slot, String desired, String state) {
    return task(slot, desired, state, service.at("/PreviousSpec/TaskTemplate"));
  }

  private Cluster task(int slot, String desired, String state, JsonNode spec) {
    minute++;
    ObjectNode task =
        json(
            "{'ID':'t%d','ServiceID':'S','NodeID':'n%d','DesiredState':'%s','CreatedAt':'2026-03-01T10:%02d:00Z','Status':{'State':'%s','Timestamp':'2026-03-01T10:%02d:30Z'}}"
                .formatted(minute, slot, desired, minute, state, minute));
    boolean replicated = service.at("/Spec/Mode").fieldNames().next().startsWith("Replicated");
    if (replicated) {
      task.put("Slot", slot);
    }
    task.set("Spec", spec.deepCopy());
    task.withObject("/JobIteration").set("Index", service.at("/JobStatus/JobIteration/Index"));
    if (state.equals("failed")) {
      task.withObject("/Status").put("Err", "task: non-zero exit (3)");
      task.withObject("/Status/ContainerStatus").put("ExitCode", 3);
    }
    tasks.add(task);
    return this;
  }

  /** The newest task finds no node. */
  Cluster nowhere() {
    ((ObjectNode) tasks.getLast())
        .withObject("/Status")
        .put("Err", "no suitable node (scheduling constraints not satisfied on 2 nodes)");
    return this;
  }

  Standing standing() {
    List<ServiceTask> kept =
        tasks.stream().map(t -> ServiceTask.of(service, t, UnaryOperator.identity())).toList();
    return Standing.of(service, kept, before);
  }
}
