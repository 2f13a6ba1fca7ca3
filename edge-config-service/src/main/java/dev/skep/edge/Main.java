package dev.skep.edge;

import dev.skep.edge.agent.BinaryConfigChecker;
import dev.skep.edge.agent.ConfigChecker;
import dev.skep.edge.agent.ContainerConfigChecker;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.engine.Filters;
import dev.skep.runtime.config.ConfigReader;
import dev.skep.runtime.life.ServiceMain;
import dev.skep.runtime.seal.PrivateKeyRing;
import java.net.URI;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Runs an edge agent alone. */
public final class Main {
  /** The front door's port where none is set. */
  public static final int PORT = 8427;

  private static final Pattern CONTAINER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

  private Main() {}

  public static void main(String[] args) {
    ServiceMain.runAgent("edge-agent", PORT, Main::configure);
  }

  /** Reads the whole configuration; makes nothing yet. */
  public static ServiceMain.Factory configure(ConfigReader env) {
    EdgeAgentConfig config = EdgeAgentConfig.from(env);
    String keys = env.optional("SKEP_KEYS_DIR", "/var/lib/skep/keys");
    Path own = env.path("SKEP_EDGE_KEYS", keys + "/edge.json");
    Supplier<ConfigChecker> checker = checker(env);
    return platform -> new EdgeAgent(platform, config, PrivateKeyRing.load(own), checker.get());
  }

  /**
   * HAProxy's program beside the agent, or that of a container on this node: the configuration is
   * to be read by the version that will serve it.
   */
  private static Supplier<ConfigChecker> checker(ConfigReader env) {
    Path program = env.path("SKEP_EDGE_HAPROXY", "/usr/local/sbin/haproxy");
    String service = env.optional("SKEP_EDGE_HAPROXY_SERVICE", null);
    String container = env.optional("SKEP_EDGE_HAPROXY_CONTAINER", null);
    URI engine = env.uri("SKEP_ENGINE_HOST", "unix:///var/run/docker.sock");
    if (service != null && container != null) {
      env.problem(
          "SKEP_EDGE_HAPROXY_CONTAINER",
          "is set, and SKEP_EDGE_HAPROXY_SERVICE too",
          "keep the one that tells where HAProxy runs");
    }
    if (container != null && !CONTAINER.matcher(container).matches()) {
      env.problem(
          "SKEP_EDGE_HAPROXY_CONTAINER", "is '" + container + "'", "use a container's name");
    }
    if (service != null) {
      return () -> new ContainerConfigChecker(connect(engine), service);
    }
    if (container != null) {
      // The Engine takes a name as a pattern, which may match a part.
      Filters exactly = Filters.of("name", "^/" + container.replace(".", "\\.") + "$");
      return () -> new ContainerConfigChecker(connect(engine), exactly);
    }
    return () -> new BinaryConfigChecker(program);
  }

  private static EngineClient connect(URI engine) {
    return EngineClient.connect(EngineConfig.of(engine));
  }
}
