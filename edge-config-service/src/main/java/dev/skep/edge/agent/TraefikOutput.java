package dev.skep.edge.agent;

import dev.skep.edge.haproxy.HaproxyFiles;
import dev.skep.edge.haproxy.ProxyNames;
import dev.skep.edge.traefik.TraefikRenderer;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Writes the file that a Traefik's file provider watches. Never before the store was read. */
final class TraefikOutput {
  private static final String FILE = "traefik/skep.yml";

  private final EdgeDirectory dir;
  private final TraefikRenderer renderer;
  private final boolean alone;

  /**
   * An output.
   *
   * @param proxyDir the shared directory as Traefik sees it
   * @param alone whether no other proxy uses the certificates' files: then they go with their
   *     certificates
   */
  TraefikOutput(EdgeDirectory dir, String proxyDir, int publicHttpsPort, boolean alone) {
    this.dir = dir;
    this.alone = alone;
    this.renderer =
        new TraefikRenderer(
            name -> proxyDir + "/" + HaproxyFiles.certificate(ProxyNames.certificateFile(name)),
            publicHttpsPort);
  }

  void apply(Target target) throws IOException {
    dir.prepare(List.of("certs", "traefik"));
    for (Map.Entry<String, PemBundle> e : target.files().entrySet()) {
      dir.write(HaproxyFiles.certificate(e.getKey()), e.getValue().pem(), true);
    }
    dir.write(FILE, renderer.render(target.model()), false);
    for (String file : alone ? dir.list("certs") : List.<String>of()) {
      if (ProxyNames.isCertificateFile(file) && !target.files().containsKey(file)) {
        dir.delete(HaproxyFiles.certificate(file));
      }
    }
  }
}
