package dev.skep.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.CliException;
import dev.skep.cli.Names;
import dev.skep.cli.PortOwner;
import dev.skep.engine.EngineClient;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What must hold before anything is started. */
public final class Preflight {
  private Preflight() {}

  /**
   * Checks that the ports are free, or held by an edge of ours.
   *
   * @throws CliException naming every port that is taken, by whom, and the option that changes it
   */
  public static void ports(UpOptions options, Optional<JsonNode> ourProxy) {
    List<String> taken = new ArrayList<>();
    if (!PortOwner.free(InetAddress.getLoopbackAddress(), options.apiPort())) {
      taken.add(taken(options.apiPort(), "--api-port"));
    }
    if (!publishes(ourProxy, options.httpPort()) && !PortOwner.free(null, options.httpPort())) {
      taken.add(taken(options.httpPort(), "--http-port"));
    }
    if (!publishes(ourProxy, options.httpsPort()) && !PortOwner.free(null, options.httpsPort())) {
      taken.add(taken(options.httpsPort(), "--https-port"));
    }
    if (!taken.isEmpty()) {
      throw new CliException(String.join("\nskep: ", taken));
    }
  }

  /**
   * Checks that the Engine is a Swarm manager.
   *
   * @return the Engine's /info
   */
  public static JsonNode manager(EngineClient engine) {
    JsonNode info = engine.info();
    JsonNode swarm = info.path("Swarm");
    if (!swarm.path("LocalNodeState").asText().equals("active")) {
      throw new CliException(
          "this Engine is in no Swarm: docker swarm init --advertise-addr ADDRESS (or up --yes)");
    }
    if (!swarm.path("ControlAvailable").asBoolean()) {
      throw new CliException("this node is a worker: run skep on a manager of the Swarm");
    }
    return info;
  }

  private static boolean publishes(Optional<JsonNode> service, int port) {
    return service
        .map(s -> s.path("Spec").path("EndpointSpec").path("Ports"))
        .map(ports -> ports.findValuesAsText("PublishedPort").contains(Integer.toString(port)))
        .orElse(false);
  }

  private static String taken(int port, String option) {
    return "port %d is in use%s: end it, or choose another with %s"
        .formatted(port, PortOwner.of(port).map(o -> " by " + o).orElse(""), option);
  }

  /** Our proxy's service, if it is there. */
  public static Optional<JsonNode> ourProxy(EngineClient engine) {
    return engine
        .services(false)
        .valueStream()
        .filter(s -> s.path("Spec").path("Name").asText().equals(Names.HAPROXY))
        .filter(s -> s.path("Spec").path("Labels").path(Names.PART).asText().equals("haproxy"))
        .findFirst();
  }
}
