package dev.skep.cli.up;

import dev.skep.cert.CertConfig;
import dev.skep.cert.acme.AcmeSettings;
import dev.skep.cli.Names;
import dev.skep.cli.StateDir;
import dev.skep.deployer.DeployerConfig;
import dev.skep.edge.EdgeAgentConfig;
import dev.skep.edge.haproxy.HaproxySettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/** The configurations in which the all-in-one differs from a service's defaults. */
final class ServiceConfigs {
  /** How long an old HAProxy worker may finish its connections after a reload. */
  private static final Duration HARD_STOP_AFTER = Duration.ofSeconds(60);

  private ServiceConfigs() {}

  /** With the sources that are declared in the state directory, or where the variable says. */
  static DeployerConfig deployer(StateDir state) {
    String named = System.getenv("SKEP_SOURCES_FILE");
    return DeployerConfig.defaults()
        .withSources(named == null || named.isEmpty() ? state.sources().toString() : named);
  }

  /** The internal CA, or ACME where a directory is given. */
  static CertConfig cert(UpOptions o) {
    if (o.acmeDirectory() == null) {
      return CertConfig.internal();
    }
    Path ca = o.acmeCaFile() == null ? null : Path.of(o.acmeCaFile());
    return CertConfig.acme(
        new AcmeSettings(URI.create(o.acmeDirectory()), o.acmeEmail(), ca, null));
  }

  /** One HAProxy in a container that listens on 80 and 443 there. */
  static EdgeAgentConfig edge(UpOptions o) {
    HaproxySettings haproxy =
        new HaproxySettings(
            Names.PROXY_DIR, "", 80, 443, o.httpPort(), o.httpsPort(), HARD_STOP_AFTER);
    return new EdgeAgentConfig(
        Names.EDGE,
        Path.of(o.edgeDir()),
        Names.PROXY_UID,
        Set.of(EdgeAgentConfig.Proxy.HAPROXY, EdgeAgentConfig.Proxy.TRAEFIK),
        haproxy);
  }
}
