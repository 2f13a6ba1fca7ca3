package dev.skep.deployer.faults;

import dev.skep.deployer.DeployerConfig;
import dev.skep.deployer.DeployerService;
import dev.skep.deployer.Main;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.runtime.config.ConfigReader;
import dev.skep.runtime.life.ServiceMain;
import dev.skep.runtime.seal.PrivateKeyRing;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** A deployer as {@link Main} runs it, which waits two seconds for the Engine's answers. */
final class ImpatientMain {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private ImpatientMain() {}

  public static void main(String[] args) {
    ServiceMain.run("deployer", Main.PORT, ImpatientMain::configure);
  }

  private static ServiceMain.Factory configure(ConfigReader env) {
    DeployerConfig config = DeployerConfig.from(env);
    URI engine = env.uri("SKEP_ENGINE_HOST", "");
    Path keys = env.path("SKEP_DEPLOYER_KEYS", "");
    return platform ->
        new DeployerService(
            platform,
            EngineClient.connect(new EngineConfig(engine, PATIENCE)),
            PrivateKeyRing.loadOrCreate(keys),
            config);
  }
}
