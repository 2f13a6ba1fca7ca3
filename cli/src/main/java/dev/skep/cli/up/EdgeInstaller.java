package dev.skep.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.cli.CliException;
import dev.skep.cli.Names;
import dev.skep.cli.Progress;
import dev.skep.engine.EngineClient;
import java.util.Optional;

/** Makes the edge's network and proxy service, or leaves them as they are. */
final class EdgeInstaller {
  private final EngineClient engine;
  private final Progress progress;

  EdgeInstaller(EngineClient engine, Progress progress) {
    this.engine = engine;
    this.progress = progress;
  }

  void install(UpOptions options, String nodeId) throws Exception {
    String networkId = network();
    ObjectNode wanted =
        EdgeProxy.service(
            options.image(),
            nodeId,
            networkId,
            options.edgeDir(),
            options.httpPort(),
            options.httpsPort());
    Optional<JsonNode> existing = named();
    if (existing.isEmpty()) {
      progress.step(
          "creating the service " + Names.HAPROXY, () -> engine.createService(wanted, null));
      return;
    }
    JsonNode service = existing.get();
    if (!service.path("Spec").path("Labels").path(Names.PART).asText().equals("haproxy")) {
      throw new CliException(
          "a service named "
              + Names.HAPROXY
              + " exists and is not Skep's: rename or remove it, nothing was changed");
    }
    if (differs(service.path("Spec"), wanted)) {
      progress.step(
          "updating the service " + Names.HAPROXY,
          () ->
              engine.updateService(
                  service.path("ID").asText(),
                  service.path("Version").path("Index").asLong(),
                  wanted,
                  null,
                  null));
    }
  }

  /** Compares what we set; the Engine adds defaults of its own to what it answers. */
  private static boolean differs(JsonNode live, JsonNode wanted) {
    return !live.at("/TaskTemplate/ContainerSpec/Args")
            .equals(wanted.at("/TaskTemplate/ContainerSpec/Args"))
        || !live.at("/TaskTemplate/ContainerSpec/Mounts/0/Source")
            .equals(wanted.at("/TaskTemplate/ContainerSpec/Mounts/0/Source"))
        || !live.at("/TaskTemplate/ContainerSpec/Image")
            .asText()
            .startsWith(wanted.at("/TaskTemplate/ContainerSpec/Image").asText())
        || !live.at("/EndpointSpec/Ports")
            .findValuesAsText("PublishedPort")
            .equals(wanted.at("/EndpointSpec/Ports").findValuesAsText("PublishedPort"));
  }

  private Optional<JsonNode> named() {
    return engine
        .services(false)
        .valueStream()
        .filter(s -> s.path("Spec").path("Name").asText().equals(Names.HAPROXY))
        .findFirst();
  }

  private String network() throws Exception {
    Optional<JsonNode> existing =
        engine
            .networks()
            .valueStream()
            .filter(n -> n.path("Name").asText().equals(Names.EDGE_NETWORK))
            .findFirst();
    if (existing.isPresent()) {
      if (!existing.get().path("Scope").asText().equals("swarm")) {
        throw new CliException(
            "the network "
                + Names.EDGE_NETWORK
                + " exists but is not an overlay of the Swarm: rename or remove it");
      }
      return existing.get().path("Id").asText();
    }
    return progress.step(
        "creating the network " + Names.EDGE_NETWORK,
        () -> engine.createNetwork(EdgeProxy.network()).path("Id").asText());
  }
}
