package dev.skep.cli;

import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import java.net.URI;
import picocli.CommandLine.Option;

/** The options that name the Engine. */
public final class EngineOptions {
  @Option(
      names = {"-H", "--host"},
      paramLabel = "URI",
      defaultValue = "${env:SKEP_ENGINE_HOST:-${env:DOCKER_HOST:-unix:///var/run/docker.sock}}",
      description = "the Docker Engine's API (default: ${DEFAULT-VALUE})")
  private URI host;

  /** Where the Engine is. */
  public URI host() {
    return host;
  }

  /** A client of that Engine. */
  public EngineClient connect() {
    return EngineClient.connect(EngineConfig.of(host));
  }
}
