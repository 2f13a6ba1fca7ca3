package dev.skep.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.cli.ApiClient;
import dev.skep.cli.EngineOptions;
import dev.skep.cli.StateDir;
import dev.skep.cli.StateOptions;
import dev.skep.cli.cluster.ClusterStatus;
import dev.skep.cli.cluster.InCluster;
import dev.skep.cli.cluster.Inside;
import dev.skep.engine.EngineException;
import dev.skep.model.Json;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Tells the state of every part. Exit code 0: all is ready; 1: something is not; 3: not running.
 */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Tell the state of every part.",
      "Exit code 0: all ready, 1: something is not, 3: not running."
    })
public final class StatusCommand implements Callable<Integer> {
  @Mixin StateOptions stateOptions;
  @Mixin EngineOptions engine;

  @Option(names = "--json", description = "for programs")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    StateDir state = stateOptions.state();
    ObjectNode status = collect(state);
    if (status.path("state").asText().equals("stopped")) {
      Optional<Integer> stack = onCluster();
      if (stack.isPresent()) {
        return stack.get();
      }
    }
    if (json) {
      System.out.println(Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(status));
    } else {
      print(status);
    }
    return switch (status.path("state").asText()) {
      case "ready" -> 0;
      case "stopped" -> 3;
      default -> 1;
    };
  }

  /** The stack's status, told by the command that runs inside; empty if there is none. */
  private Optional<Integer> onCluster() throws Exception {
    try {
      return Inside.run(engine, json ? List.of("status", "--json") : List.of("status"));
    } catch (EngineException e) {
      // No Engine that could run a stack: then nothing runs, which is told below.
      return Optional.empty();
    }
  }

  private static ObjectNode collect(StateDir state) throws InterruptedException {
    Optional<InCluster> cluster = InCluster.from(System.getenv());
    if (cluster.isPresent()) {
      return new ClusterStatus(cluster.get()).collect(Await::everyEdgeReady);
    }
    ObjectNode status = Json.mapper().createObjectNode();
    status.put("stateDir", state.root().toString());
    StateDir.Running running = state.current().orElse(null);
    if (running == null) {
      return status.put("state", "stopped");
    }
    status.put("pid", running.pid());
    status.put("console", "http://localhost:" + running.httpPort() + "/");
    try (ApiClient api = new ApiClient(running.httpPort(), state.tokenValue())) {
      ApiClient.Answer health = api.get("/health/ready");
      status.set("parts", health.body().path("services"));
      status.set("edges", api.list("/api/edges"));
      status.set("summary", api.get("/api/status").body());
      boolean edges = Await.edgeReady(status.path("edges"));
      status.put("state", health.ok() && edges ? "ready" : "degraded");
    } catch (IOException e) {
      status.put("state", "unreachable").put("reason", e.toString());
    }
    return status;
  }

  private static void print(JsonNode status) {
    System.out.println("skep is " + status.path("state").asText() + pid(status));
    if (status.has("reason")) {
      System.out.println("  " + status.path("reason").asText());
    }
    for (Map.Entry<String, JsonNode> part : status.path("parts").properties()) {
      JsonNode health = part.getValue();
      System.out.printf(
          Locale.ROOT,
          "  %-14s %-10s %s%n",
          part.getKey(),
          word(health),
          details(health.path("details")));
    }
    for (JsonNode edge : status.path("edges")) {
      System.out.printf(
          Locale.ROOT,
          "  %-14s %-10s %s, %s%n",
          "edge " + edge.path("edge").asText(),
          Await.holds(edge, "Ready") ? "ready" : "not ready",
          edge.path("proxy").asText(),
          served(edge));
      for (JsonNode condition : edge.path("conditions")) {
        if (!condition.path("status").asText().equals("TRUE")) {
          System.out.printf(
              Locale.ROOT,
              "  %-14s %-10s %s: %s%n",
              "",
              "",
              condition.path("type").asText(),
              condition.path("message").asText());
        }
      }
    }
  }

  private static String served(JsonNode edge) {
    if (Await.refusesStore(edge)) {
      // An agent that started since then knows the store's place alone, not what is in it.
      return "serves what is on its disk";
    }
    return "%d routes, %d servers, %d certificates"
        .formatted(
            edge.path("routes").asInt(),
            edge.path("servers").asInt(),
            edge.path("certificates").size());
  }

  private static String pid(JsonNode status) {
    return status.has("pid")
        ? " (pid " + status.path("pid").asLong() + ", " + status.path("console").asText() + ")"
        : "";
  }

  private static String word(JsonNode health) {
    if (!health.path("live").asBoolean()) {
      return "stuck";
    }
    return health.path("ready").asBoolean() ? "ready" : "not ready";
  }

  private static String details(JsonNode details) {
    StringBuilder line = new StringBuilder();
    for (Map.Entry<String, JsonNode> detail : details.properties()) {
      line.append(line.isEmpty() ? "" : ", ")
          .append(detail.getKey())
          .append(' ')
          .append(detail.getValue().asText());
    }
    return line.toString();
  }
}
