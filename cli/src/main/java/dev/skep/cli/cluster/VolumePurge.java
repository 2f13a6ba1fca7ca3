package dev.skep.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.cli.Names;
import dev.skep.engine.EngineClient;
import dev.skep.engine.Filters;
import dev.skep.model.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Removes the stack's volumes on every node: by a job that runs once on each, since only a node's
 * own Engine knows its volumes.
 */
final class VolumePurge {
  private static final String JOB = "skep-purge";
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration TICK = Duration.ofMillis(250);
  private static final Set<String> ENDED =
      Set.of("complete", "failed", "rejected", "shutdown", "orphaned", "remove");

  private final EngineClient engine;
  private final String image;

  /**
   * For one purge.
   *
   * @param image of the command line
   */
  VolumePurge(EngineClient engine, String image) {
    this.engine = engine;
    this.image = image;
  }

  /**
   * Runs the job and waits for its end on each node.
   *
   * @return nodes on which it did not succeed, with the reason; empty: all volumes are gone
   */
  List<String> run() throws InterruptedException {
    // One that was broken off: its tasks are of no interest any more.
    removeJob();
    String id = engine.createService(spec(), null).path("ID").asText();
    try {
      return await(id);
    } finally {
      engine.removeService(id);
    }
  }

  private void removeJob() {
    for (JsonNode service : engine.services(false, Filters.of("name", JOB))) {
      JsonNode spec = service.path("Spec");
      if (spec.path("Name").asText().equals(JOB)
          && spec.path("Labels").path(Names.PART).asText().equals("purge")) {
        engine.removeService(service.path("ID").asText());
      }
    }
  }

  private List<String> await(String id) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      List<String> failed = new ArrayList<>();
      boolean all = true;
      Map<String, JsonNode> tasks = new HashMap<>();
      engine
          .tasks(Filters.of("service", id))
          .forEach(t -> tasks.put(t.path("NodeID").asText(), t.path("Status")));
      for (ClusterNode node : ClusterNode.all(engine)) {
        JsonNode status = tasks.get(node.id());
        String state = status == null ? "" : status.path("State").asText();
        if (state.equals("complete")) {
          continue;
        }
        if (!node.state().equals("ready")) {
          failed.add("node %s is %s: its volumes stay".formatted(node.name(), node.state()));
        } else if (ENDED.contains(state)) {
          failed.add(
              "node %s: %s"
                  .formatted(
                      node.name(), status.path("Err").asText(status.path("Message").asText())));
        } else {
          failed.add(
              "node %s: not done after %d s%s"
                  .formatted(
                      node.name(),
                      PATIENCE.toSeconds(),
                      node.usable() ? "" : ", since it is " + node.availability()));
          all = false;
        }
      }
      if (all || System.nanoTime() > deadline) {
        return failed;
      }
      Thread.sleep(TICK);
    }
  }

  private ObjectNode spec() {
    ObjectNode spec;
    try {
      // Root without any capability: the socket is root's.
      spec =
          (ObjectNode)
              Json.mapper()
                  .readTree(
                      """
                      {"Name":"%s","Labels":{"%s":"purge"},
                       "TaskTemplate":{
                         "ContainerSpec":{
                           "User":"0:0","CapabilityDrop":["ALL"],"ReadOnly":true,
                           "Mounts":[
                             {"Type":"bind","Source":"/var/run/docker.sock","Target":"/var/run/docker.sock"},
                             {"Type":"tmpfs","Target":"/tmp"}]},
                         "Resources":{"Limits":{"Pids":256}},
                         "RestartPolicy":{"Condition":"none"}},
                       "Mode":{"GlobalJob":{}}}
                      """
                          .formatted(JOB, Names.PART));
    } catch (IOException e) {
      throw new IllegalStateException("a template of ours is no JSON", e);
    }
    ObjectNode container = (ObjectNode) spec.path("TaskTemplate").path("ContainerSpec");
    container.put("Image", image);
    ArrayNode args = container.withArrayProperty("Args");
    List.of("skep", "purge-volumes", "--host", "unix:///var/run/docker.sock").forEach(args::add);
    return spec;
  }
}
