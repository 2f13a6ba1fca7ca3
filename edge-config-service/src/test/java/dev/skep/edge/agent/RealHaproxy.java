package dev.skep.edge.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.edge.haproxy.RuntimeAnswers;
import dev.skep.engine.EngineClient;
import dev.skep.engine.Query;
import dev.skep.model.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** An HAProxy in a container on the host's network, run as an edge's is. */
final class RealHaproxy implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final EngineClient engine;
  private final String id;
  private final HaproxyControl control;

  RealHaproxy(EngineClient engine, Path dir, int uid) {
    this.engine = engine;
    this.control = new HaproxyControl(dir.resolve("run"));
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("Image", "haproxy:3.4");
    // Who owns the files may read them: no other rights are needed.
    body.put("User", Integer.toString(uid));
    body.putArray("Cmd")
        .add("haproxy")
        .add("-S")
        .add(dir + "/run/master.sock")
        .add("-f")
        .add(dir + "/haproxy.cfg");
    body.putObject("Labels").put("dev.skep.test", "edge-" + ProcessHandle.current().pid());
    ObjectNode host = body.putObject("HostConfig");
    host.put("NetworkMode", "host");
    host.putArray("Binds").add(dir + ":" + dir);
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
