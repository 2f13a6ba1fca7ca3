package dev.skep.inventory.agent;

import dev.skep.engine.EngineClient;
import dev.skep.runtime.config.ConfigReader;
import dev.skep.runtime.life.ServiceMain;

/** Runs the node agent alone. */
public final class Main {
  /** The front door's port where none is set. */
  public static final int PORT = 8426;

  private Main() {}

  public static void main(String[] args) {
    ServiceMain.runAgent("node-agent", PORT, Main::configure);
  }

  /** Reads the whole configuration; makes nothing yet. */
  public static ServiceMain.Factory configure(ConfigReader env) {
    NodeAgentConfig config = NodeAgentConfig.from(env);
    return platform -> new NodeAgent(platform, EngineClient.connect(config.engine()), config);
  }
}
