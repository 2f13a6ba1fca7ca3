package dev.skep.inventory.agent;

import dev.skep.engine.EngineClient;
import dev.skep.runtime.life.ServiceMain;

/** Runs the node agent alone. */
public final class Main {
  private static final int PORT = 8426;

  private Main() {}

  public static void main(String[] args) {
    ServiceMain.run(
        "node-agent",
        PORT,
        env -> {
          NodeAgentConfig config = NodeAgentConfig.from(env);
          return platform -> new NodeAgent(platform, EngineClient.connect(config.engine()), config);
        });
  }
}
