package dev.skep.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.cli.ApiClient;
import dev.skep.model.Json;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;

/** What {@code skep status} tells of the stack, asked from inside: each service for itself. */
public final class ClusterStatus {
  private final InCluster cluster;

  public ClusterStatus(InCluster cluster) {
    this.cluster = cluster;
  }

  /**
   * In the form of the all-in-one's status: {@code state} is {@code ready} if every service and
   * every edge is.
   *
   * @param edgesReady tells it of the monitor's list of edges
   */
  public ObjectNode collect(java.util.function.Predicate<JsonNode> edgesReady)
      throws InterruptedException {
    ObjectNode status = Json.mapper().createObjectNode();
    ObjectNode parts = status.putObject("parts");
    boolean ready = true;
    for (Map.Entry<String, URI> service : new TreeMap<>(cluster.urls()).entrySet()) {
      JsonNode part = part(service.getKey(), service.getValue());
      parts.set(service.getKey(), part);
      ready &= part.path("ready").asBoolean();
    }
    try (ApiClient api = new ApiClient(cluster)) {
      status.set("edges", api.list("/api/edges"));
      status.set("summary", api.get("/api/status").body());
      ready &= edgesReady.test(status.path("edges"));
    } catch (IOException e) {
      ready = false;
      status.put("reason", e.getMessage());
    }
    return status.put("state", ready ? "ready" : "degraded");
  }

  private JsonNode part(String name, URI url) throws InterruptedException {
    InCluster alone = new InCluster(Map.of("monitor", url), cluster.token());
    try (ApiClient api = new ApiClient(alone)) {
      JsonNode said = api.get("/health/ready").body().path("services").path(name);
      if (!said.isMissingNode()) {
        return said;
      }
      return absent("it says nothing of itself at " + url);
    } catch (IOException e) {
      return absent(e.getMessage());
    }
  }

  private static ObjectNode absent(String reason) {
    ObjectNode part = Json.mapper().createObjectNode().put("live", false).put("ready", false);
    part.putObject("details").put("reason", reason);
    return part;
  }
}
