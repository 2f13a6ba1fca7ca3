package dev.skep.monitor;

import dev.skep.runtime.life.ServiceMain;

/** Runs the monitor alone, configured by the environment. */
public final class Main {
  /** Where {@code /}, {@code /api} and {@code /metrics} are by default. */
  private static final int DEFAULT_PORT = 8425;

  private Main() {}

  /** Starts it; ends with the process. */
  public static void main(String[] args) {
    ServiceMain.run(
        "monitor",
        DEFAULT_PORT,
        env -> {
          MonitorConfig config = MonitorConfig.from(env);
          return platform -> new MonitorService(platform, config);
        });
  }
}
