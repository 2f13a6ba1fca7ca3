package dev.skep.edge.agent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.edge.haproxy.RuntimeAnswers;
import dev.skep.engine.EngineClient;
import dev.skep.engine.Query;
import dev.skep.model.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** An HAProxy in a container on the host's network, run as an edge's is. */
final class RealHaproxy implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private static final Path STACK = Path.of("../stack").toAbsolutePath().normalize();

  private final EngineClient engine;
  private final String id;
  private final HaproxyControl control;

  /** Started as the all-in-one does, or by the script of the stack. */
  RealHaproxy(EngineClient engine, Path dir, int uid, Map<String, String> script) {
    this.engine = engine;
    this.control = new HaproxyControl(dir.resolve("run"));
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("Image", "haproxy:3.4");
    // Who owns the files may read them: no other rights are needed.
    body.put("User", Integer.toString(uid));
    body.putObject("Labels").put("dev.skep.test", "edge-" + ProcessHandle.current().pid());
    ObjectNode host = body.putObject("HostConfig");
    host.put("NetworkMode", "host");
    host.put("ReadonlyRootfs", true);
    host.putArray("CapDrop").add("ALL");
    ArrayNode binds = host.putArray("Binds").add(dir + ":" + dir);
    if (script.isEmpty()) {
      body.putArray("Cmd")
          .add("haproxy")
          .add("-S")
          .add(dir + "/run/master.sock")
          .add("-f")
          .add(dir + "/haproxy.cfg");
    } else {
      body.putArray("Entrypoint").add("/bin/sh").add("/skep/haproxy-start.sh");
      ArrayNode env = body.putArray("Env").add("SKEP_EDGE_DIR=" + dir);
      script.forEach((name, value) -> env.add(name + "=" + value));
      binds.add(STACK + ":/skep:ro");
    }
    String name = "edge-it-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    this.id =
        engine
            .post("/containers/create", Query.of("name", name), body, Map.of())
            .path("Id")
            .asText();
  }

  String id() {
    return id;
  }

  void start() {
    engine.post("/containers/" + id + "/start", Query.none(), null, Map.of());
  }

  /** Kills it as a crash would. */
  void kill() {
    engine.post("/containers/" + id + "/kill", Query.none(), null, Map.of());
    engine.post("/containers/" + id + "/wait", Query.none(), null, Map.of());
  }

  /** Sends it a signal, and does not wait. */
  void signal(String name) {
    engine.post("/containers/" + id + "/kill", Query.of("signal", name), null, Map.of());
  }

  /** Waits until it has ended; its exit code. */
  int end() {
    return engine
        .post("/containers/" + id + "/wait", Query.none(), null, Map.of())
        .path("StatusCode")
        .asInt(-1);
  }

  /** The exit code of what the stack has for its health check. */
  int healthCheck() {
    return engine
        .execInContainer(
            id, List.of("/bin/sh", "/skep/haproxy-start.sh", "health"), Duration.ofSeconds(10))
        .exitCode();
  }

  RuntimeAnswers.Running process() throws IOException {
    return control.process();
  }

  /** Asks its runtime API, as someone who meddles would. */
  String ask(String command) throws IOException {
    return control.ask(command);
  }

  @Override
  public void close() {
    engine.delete("/containers/" + id, Query.of("force", "true"));
  }
}
