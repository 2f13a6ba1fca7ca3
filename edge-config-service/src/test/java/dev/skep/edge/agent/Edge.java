package dev.skep.edge.agent;

import static org.awaitility.Awaitility.await;

import dev.skep.edge.EdgeAgent;
import dev.skep.edge.EdgeAgentConfig;
import dev.skep.edge.EdgeAgentConfig.Proxy;
import dev.skep.edge.haproxy.HaproxySettings;
import dev.skep.engine.EngineClient;
import dev.skep.engine.Filters;
import dev.skep.runtime.Platform;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.testing.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** One edge: an agent and an HAProxy that share a directory. */
final class Edge implements AutoCloseable {
  final String name;
  final int http = Ports.free();
  final int https = Ports.free();
  final Path dir;
  final RealHaproxy haproxy;
  final AtomicReference<Throwable> fatal = new AtomicReference<>();
  private final EngineClient engine;
  private final String bootstrap;
  private final PrivateKeyRing keys;
  private final int ownerUid;
  private Platform platform;
  private EdgeAgent agent;

  Edge(
      String name,
      Path dir,
      EngineClient engine,
      String bootstrap,
      PrivateKeyRing keys,
      int ownerUid)
      throws IOException {
    this(name, dir, engine, bootstrap, keys, ownerUid, false);
  }

  /** An edge whose HAProxy is started by the stack's script, if {@code byScript}. */
  Edge(
      String name,
      Path dir,
      EngineClient engine,
      String bootstrap,
      PrivateKeyRing keys,
      int ownerUid,
      boolean byScript)
      throws IOException {
    this.name = name;
    this.dir = Files.createDirectories(dir);
    this.engine = engine;
    this.bootstrap = bootstrap;
    this.keys = keys;
    this.ownerUid = ownerUid;
    int own = (Integer) Files.getAttribute(this.dir, "unix:uid");
    Map<String, String> script =
        byScript
            ? Map.of(
                "SKEP_EDGE_BIND", "127.0.0.1",
                "SKEP_EDGE_HTTP_PORT", Integer.toString(http),
                "SKEP_DRAIN", "3")
            : Map.of();
    this.haproxy = new RealHaproxy(engine, dir, ownerUid < 0 ? own : ownerUid, script);
  }

  /** Agent first, then HAProxy on what the agent has laid out. */
  Edge start() throws Exception {
    startAgent();
    haproxy.start();
    awaitHaproxy();
    return this;
  }

  void awaitHaproxy() {
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(() -> haproxy.process() != null);
  }

  void startAgent() throws Exception {
    startAgent(bootstrap);
  }

  /** With another broker than the edge's own. */
  void startAgent(String bootstrap) throws Exception {
    platform = Platform.create(new KafkaConfig(bootstrap, Map.of()), fatal::set);
    HaproxySettings settings =
        new HaproxySettings(
            dir.toString(), "127.0.0.1", http, https, http, https, Duration.ofSeconds(5));
    EdgeAgentConfig config =
        new EdgeAgentConfig(name, dir, ownerUid, EnumSet.allOf(Proxy.class), settings);
    ConfigChecker checker = new ContainerConfigChecker(engine, Filters.of("id", haproxy.id()));
    agent = new EdgeAgent(platform, config, keys, checker);
    agent.start();
  }

  void stopAgent() {
    if (agent != null) {
      agent.close();
      platform.close();
      agent = null;
    }
  }

  EdgeAgent agent() {
    return agent;
  }

  double reloads() {
    return platform.metrics().counter("skep.edge.agent.reloads", "edge", name).count();
  }

  @Override
  public void close() {
    stopAgent();
    haproxy.close();
  }
}
