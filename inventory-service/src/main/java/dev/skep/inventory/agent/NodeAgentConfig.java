package dev.skep.inventory.agent;

import dev.skep.engine.EngineConfig;
import dev.skep.inventory.InventoryConfig.EngineSettings;
import dev.skep.runtime.config.ConfigReader;

/**
 * The node agent's settings.
 *
 * @param engine the node's own Engine; not used where the client is given
 */
public record NodeAgentConfig(EngineConfig engine) {
  /** This machine's Engine. */
  public static NodeAgentConfig defaults() {
    return new NodeAgentConfig(EngineConfig.local());
  }

  /** From SKEP_ENGINE_HOST and SKEP_ENGINE_TIMEOUT. */
  public static NodeAgentConfig from(ConfigReader env) {
    return new NodeAgentConfig(EngineSettings.from(env));
  }
}
