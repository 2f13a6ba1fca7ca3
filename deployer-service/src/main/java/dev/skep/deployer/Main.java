package dev.skep.deployer;

import dev.skep.deployer.image.ImageConfig;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.runtime.config.ConfigReader;
import dev.skep.runtime.life.ServiceMain;
import dev.skep.runtime.seal.PrivateKeyRing;
import java.net.URI;
import java.nio.file.Path;

/** Runs deployer-service alone. */
public final class Main {
  /** The front door's port where none is set. */
  public static final int PORT = 8422;

  private Main() {}

  public static void main(String[] args) {
    ServiceMain.run("deployer", PORT, Main::configure);
  }

  /** Reads the whole configuration; makes nothing yet. */
  public static ServiceMain.Factory configure(ConfigReader env) {
    DeployerConfig config = DeployerConfig.from(env);
    ImageConfig images = ImageConfig.from(env);
    URI engine = env.uri("SKEP_ENGINE_HOST", "unix:///var/run/docker.sock");
    // Its own private keys, made at the first start: stacks may hold secrets.
    String keys = env.optional("SKEP_KEYS_DIR", "/var/lib/skep/keys");
    Path own = env.path("SKEP_DEPLOYER_KEYS", keys + "/deployer.json");
    return platform ->
        new DeployerService(
                platform,
                EngineClient.connect(EngineConfig.of(engine)),
                PrivateKeyRing.loadOrCreate(own),
                config)
            .following(images);
  }
}
