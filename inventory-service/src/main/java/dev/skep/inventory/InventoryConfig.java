package dev.skep.inventory;

import dev.skep.engine.EngineConfig;
import dev.skep.runtime.config.ConfigReader;
import java.net.URI;
import java.time.Duration;

/**
 * The inventory's settings.
 *
 * @param engine a manager's Engine; not used where the client is given
 * @param resync between full readings of the cluster, give or take 10 %; at least a second
 */
public record InventoryConfig(EngineConfig engine, Duration resync) {
  private static final Duration DEFAULT_RESYNC = Duration.ofSeconds(60);
  private static final String RESYNC = "SKEP_INVENTORY_RESYNC";

  public InventoryConfig {
    if (resync.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("resync must be at least 1s, not " + resync);
    }
  }

  /** This machine's Engine, read in full every 60 s. */
  public static InventoryConfig defaults() {
    return new InventoryConfig(EngineConfig.local(), DEFAULT_RESYNC);
  }

  /** From SKEP_ENGINE_HOST, SKEP_ENGINE_TIMEOUT and SKEP_INVENTORY_RESYNC. */
  public static InventoryConfig from(ConfigReader env) {
    EngineConfig engine = EngineSettings.from(env);
    Duration resync = env.duration(RESYNC, DEFAULT_RESYNC);
    if (resync.compareTo(Duration.ofSeconds(1)) < 0) {
      env.problem(RESYNC, "is below a second", "use 1s or more, 60s is usual");
      resync = DEFAULT_RESYNC;
    }
    return new InventoryConfig(engine, resync);
  }

  /** The settings of the Engine that both parts of the inventory read. */
  public static final class EngineSettings {
    private EngineSettings() {}

    /** From SKEP_ENGINE_HOST and SKEP_ENGINE_TIMEOUT; problems are noted in {@code env}. */
    public static EngineConfig from(ConfigReader env) {
      URI host = env.uri("SKEP_ENGINE_HOST", EngineConfig.local().host().toString());
      Duration timeout = env.duration("SKEP_ENGINE_TIMEOUT", EngineConfig.local().timeout());
      try {
        return new EngineConfig(host, timeout);
      } catch (IllegalArgumentException e) {
        env.problem("SKEP_ENGINE_HOST", "or its timeout cannot be used", e.getMessage());
        return EngineConfig.local();
      }
    }
  }
}
