package dev.skep.edge;

import dev.skep.edge.agent.AgentLoop;
import dev.skep.edge.agent.ConfigChecker;
import dev.skep.runtime.Platform;
import dev.skep.runtime.SkepService;
import dev.skep.runtime.health.Health;
import dev.skep.runtime.seal.PrivateKeyRing;

/** The service that keeps the proxies of one machine at what the store says. */
public final class EdgeAgent implements SkepService {
  private final AgentLoop loop;

  /**
   * An agent.
   *
   * @param edgeKeys open what was sealed to edges
   * @param checker asks HAProxy about configurations
   */
  public EdgeAgent(
      Platform platform, EdgeAgentConfig config, PrivateKeyRing edgeKeys, ConfigChecker checker) {
    this.loop = new AgentLoop(platform, config, edgeKeys, checker);
  }

  @Override
  public String name() {
    return "edge-agent";
  }

  @Override
  public void start() throws Exception {
    loop.start();
  }

  @Override
  public Health health() {
    return loop.health();
  }

  @Override
  public void close() {
    loop.close();
  }
}
