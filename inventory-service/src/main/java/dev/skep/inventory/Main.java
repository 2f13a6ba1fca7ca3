package dev.skep.inventory;

import dev.skep.engine.EngineClient;
import dev.skep.runtime.life.ServiceMain;

/** Runs the inventory alone. */
public final class Main {
  private static final int PORT = 8421;

  private Main() {}

  public static void main(String[] args) {
    ServiceMain.run(
        "inventory",
        PORT,
        env -> {
          InventoryConfig config = InventoryConfig.from(env);
          return platform ->
              new InventoryService(platform, EngineClient.connect(config.engine()), config);
        });
  }
}
