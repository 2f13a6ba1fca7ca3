package dev.skep.edgeconfig;

import dev.skep.runtime.config.ConfigReader;
import dev.skep.runtime.life.ServiceMain;

/** Runs edge-config-service alone. */
public final class Main {
  /** The front door's port where none is set. */
  public static final int PORT = 8423;

  private Main() {}

  public static void main(String[] args) {
    ServiceMain.run("edge-config", PORT, Main::configure);
  }

  /** Reads the whole configuration; makes nothing yet. */
  public static ServiceMain.Factory configure(ConfigReader env) {
    EdgeConfigConfig config = EdgeConfigConfig.from(env);
    return platform -> new EdgeConfigService(platform, config);
  }
}
