package dev.skep.edgeconfig;

import dev.skep.runtime.life.ServiceMain;

/** Runs edge-config-service alone. */
public final class Main {
  private static final int PORT = 8423;

  private Main() {}

  public static void main(String[] args) {
    ServiceMain.run(
        "edge-config",
        PORT,
        env -> {
          EdgeConfigConfig config = EdgeConfigConfig.from(env);
          return platform -> new EdgeConfigService(platform, config);
        });
  }
}
