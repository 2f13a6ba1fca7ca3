package dev.skep.deployer.schedule.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.model.Json;
import dev.skep.model.cluster.Service;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A simulation of an Engine with jobs: as much of it as running them needs, with its check of
 * versions. A job runs when it is updated, and ends when the test says so.
 */
final class SimulatedSwarm implements AutoCloseable {
  private static final String LONG_AGO = "2026-01-01T00:00:00Z";

  private final HttpServer server;
  private final Map<String, ObjectNode> services = new HashMap<>();

  /** The state of the tasks of a service's last run. */
  private final Map<String, String> states = new HashMap<>();

  private final AtomicInteger atWork = new AtomicInteger();
  private final AtomicInteger mostAtWork = new AtomicInteger();
  private volatile boolean down;

  SimulatedSwarm() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  EngineClient client() {
    URI address = URI.create("tcp://127.0.0.1:" + server.getAddress().getPort());
    return EngineClient.connect(EngineConfig.of(address));
  }

  /** A job that never ran, and as the inventory tells of it. */
  synchronized Service add(String name, Map<String, String> labels, Instant updated) {
    ObjectNode service = Json.mapper().createObjectNode();
    service.put("ID", name).putObject("Version").put("Index", 1);
    ObjectNode spec = service.putObject("Spec");
    spec.put("Name", name).set("Labels", Json.mapper().valueToTree(labels));
    spec.putObject("TaskTemplate").put("ForceUpdate", 0);
    spec.putObject("Mode").putObject("ReplicatedJob").put("TotalCompletions", 1);
    service.putObject("JobStatus").putObject("JobIteration").put("Index", 0);
    services.put(name, service);
    return new Service(
        name,
        name,
        null,
        labels,
        Service.Mode.REPLICATED_JOB,
        1,
        "i",
        null,
        null,
        false,
        false,
        null,
        null,
        updated,
        updated,
        1);
  }

  synchronized void down(boolean is) {
    down = is;
  }

  /** All tasks of its last run are in this state from now on. */
  synchronized void state(String name, String state) {
    states.put(name, state);
  }

  /** How often it was run. */
  synchronized int runs(String name) {
    return services.get(name).at("/JobStatus/JobIteration/Index").asInt();
  }

  int mostAtWork() {
    return mostAtWork.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] sent = exchange.getRequestBody().readAllBytes();
      mostAtWork.accumulateAndGet(atWork.incrementAndGet(), Math::max);
      JsonNode answer = sent.length == 0 ? get(exchange.getRequestURI()) : update(exchange, sent);
      byte[] body = Json.mapper().writeValueAsBytes(answer);
      // Before the answer is there: what is asked next is not at the same time.
      atWork.decrementAndGet();
      exchange.sendResponseHeaders(answer.has("message") ? 500 : 200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private synchronized JsonNode get(URI uri) {
    String path = uri.getPath().replaceFirst("^/v1\\.\\d\\d", "");
    ObjectNode answer = Json.mapper().createObjectNode();
    if (path.equals("/version")) {
      return answer.put("ApiVersion", "1.41").put("MinAPIVersion", "1.12");
    }
    if (down) {
      return answer.put("message", "the simulated Engine is down");
    }
    if (path.startsWith("/services/")) {
      return services.get(path.substring("/services/".length())).deepCopy();
    }
    ArrayNode list = Json.mapper().createArrayNode();
    services.forEach(
        (name, service) -> {
          boolean tasks = path.equals("/tasks");
          if (uri.getQuery().contains("\"" + name + "\"") && (!tasks || runs(name) > 0)) {
            list.add(tasks ? task(name, service) : service.deepCopy());
          }
        });
    return list;
  }

  private ObjectNode task(String name, JsonNode service) {
    ObjectNode task = Json.mapper().createObjectNode();
    String state = states.getOrDefault(name, "complete");
    task.put("ID", "t").put("ServiceID", name).put("DesiredState", "complete");
    task.set("JobIteration", service.at("/JobStatus/JobIteration").deepCopy());
    task.putObject("Status").put("State", state).put("Timestamp", LONG_AGO);
    return task;
  }

  private synchronized JsonNode update(HttpExchange exchange, byte[] sent) throws IOException {
    URI uri = exchange.getRequestURI();
    String name = uri.getPath().replaceFirst(".*/services/", "").replace("/update", "");
    ObjectNode service = services.get(name);
    long version = service.at("/Version/Index").asLong();
    ObjectNode answer = Json.mapper().createObjectNode();
    if (down) {
      return answer.put("message", "the simulated Engine is down");
    }
    if (!uri.getQuery().contains("version=" + version + "&")) {
      return answer.put("message", "rpc error: update out of sequence");
    }
    service.set("Spec", Json.mapper().readTree(sent));
    ((ObjectNode) service.path("Version")).put("Index", version + 1);
    ((ObjectNode) service.at("/JobStatus/JobIteration")).put("Index", runs(name) + 1);
    states.put(name, "running");
    return answer;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
