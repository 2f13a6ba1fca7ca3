package dev.skep.monitor;

import dev.skep.runtime.config.ConfigReader;
import dev.skep.runtime.life.ServiceMain;

/** Runs the monitor alone, configured by the environment. */
public final class Main {
  /** The front door's port where none is set. */
  public static final int PORT = 8425;

  private Main() {}

  /** Starts it; ends with the process. */
  public static void main(String[] args) {
    ServiceMain.run("monitor", PORT, Main::configure);
  }

  /** Reads the whole configuration; makes nothing yet. */
  public static ServiceMain.Factory configure(ConfigReader env) {
    MonitorConfig config = MonitorConfig.from(env);
    return platform -> new MonitorService(platform, config);
  }
}
