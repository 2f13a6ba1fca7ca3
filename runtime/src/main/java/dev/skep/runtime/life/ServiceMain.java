package dev.skep.runtime.life;

import dev.skep.runtime.Platform;
import dev.skep.runtime.SkepService;
import dev.skep.runtime.config.ConfigReader;

/**
 * What every service's {@code main} does: read the environment, log it redacted, make the platform,
 * start the service and its front door, and on SIGTERM close all in reverse order.
 *
 * <pre>{@code
 * public static void main(String[] args) {
 *   ServiceMain.run("monitor", 8425, env -> {
 *     MonitorConfig config = MonitorConfig.from(env);
 *     return platform -> new MonitorService(platform, config);
 *   });
 * }
 * }</pre>
 */
public final class ServiceMain {
  /** Reads a service's configuration, all of it, before anything is started. */
  @FunctionalInterface
  public interface Definition {
    /** Reads; problems are collected in {@code env}, which is checked after. */
    Factory read(ConfigReader env);
  }

  /** Makes a service. */
  @FunctionalInterface
  public interface Factory {
    /**
     * Makes it; does not start it.
     *
     * @throws Exception if it cannot be made: the message is printed and the process ends with 1
     */
    SkepService create(Platform platform) throws Exception;
  }

  private ServiceMain() {}

  /**
   * Runs a service until the process is told to end. Does not return before.
   *
   * @param name the service's name
   * @param defaultPort of its front door
   */
  public static void run(String name, int defaultPort, Definition definition) {
    throw new UnsupportedOperationException("not yet");
  }
}
