package dev.skep.edge;

import dev.skep.edge.agent.BinaryConfigChecker;
import dev.skep.edge.agent.ConfigChecker;
import dev.skep.edge.agent.ContainerConfigChecker;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.runtime.config.ConfigReader;
import dev.skep.runtime.life.ServiceMain;
import dev.skep.runtime.seal.PrivateKeyRing;
import java.net.URI;
import java.nio.file.Path;

/** Runs an edge agent alone. */
public final class Main {
  private static final int PORT = 8427;

  private Main() {}

  public static void main(String[] args) {
    ServiceMain.run(
        "edge-agent",
        PORT,
        env -> {
          EdgeAgentConfig config = EdgeAgentConfig.from(env);
          String keys = env.optional("SKEP_KEYS_DIR", "/var/lib/skep/keys");
          Path own = env.path("SKEP_EDGE_KEYS", keys + "/edge.json");
          ConfigChecker checker = checker(env);
          return platform -> new EdgeAgent(platform, config, PrivateKeyRing.load(own), checker);
        });
  }

  /** HAProxy's program beside the agent, or else that of the service's container on this node. */
  private static ConfigChecker checker(ConfigReader env) {
    String service = env.optional("SKEP_EDGE_HAPROXY_SERVICE", null);
    Path program = env.path("SKEP_EDGE_HAPROXY", "/usr/local/sbin/haproxy");
    if (service == null) {
      return new BinaryConfigChecker(program);
    }
    URI host = env.uri("SKEP_ENGINE_HOST", "unix:///var/run/docker.sock");
    return new ContainerConfigChecker(EngineClient.connect(EngineConfig.of(host)), service);
  }
}
