package dev.skep.cert;

import dev.skep.runtime.config.ConfigReader;
import dev.skep.runtime.life.ServiceMain;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.runtime.seal.PublicKeyRing;
import java.nio.file.Path;

/** Runs cert-service alone. */
public final class Main {
  /** The front door's port where none is set. */
  public static final int PORT = 8424;

  private Main() {}

  public static void main(String[] args) {
    ServiceMain.run("cert", PORT, Main::configure);
  }

  /** Reads the whole configuration; makes nothing yet. */
  public static ServiceMain.Factory configure(ConfigReader env) {
    CertConfig config = CertConfig.from(env);
    // Its own private keys, made at the first start, and the edges' public ones.
    String keys = env.optional("SKEP_KEYS_DIR", "/var/lib/skep/keys");
    Path own = env.path("SKEP_CERT_KEYS", keys + "/cert.json");
    Path edge = env.path("SKEP_EDGE_PUBLIC_KEYS", keys + "/edge-public.json");
    return platform ->
        new CertService(
            platform, config, PrivateKeyRing.loadOrCreate(own), PublicKeyRing.load(edge));
  }
}
