package dev.skep.inventory;

import dev.skep.engine.EngineClient;
import dev.skep.runtime.config.ConfigReader;
import dev.skep.runtime.life.ServiceMain;

/** Runs the inventory alone. */
public final class Main {
  /** The front door's port where none is set. */
  public static final int PORT = 8421;

  private Main() {}

  public static void main(String[] args) {
    ServiceMain.run("inventory", PORT, Main::configure);
  }

  /** Reads the whole configuration; makes nothing yet. */
  public static ServiceMain.Factory configure(ConfigReader env) {
    InventoryConfig config = InventoryConfig.from(env);
    return platform ->
        new InventoryService(platform, EngineClient.connect(config.engine()), config);
  }
}
