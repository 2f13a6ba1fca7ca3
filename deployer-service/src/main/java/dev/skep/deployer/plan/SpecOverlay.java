package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/**
 * Lays a desired spec over a live one: what a compose file can say is taken from the desired one,
 * also its absence; everything else (what {@code docker service update} or a newer Engine put
 * there) stays as it is.
 */
public final class SpecOverlay {
  /** What a compose file can say, by the path of the object. What is not here is one whole. */
  private static final Map<String, Set<String>> MANAGED =
      Map.of(
          "",
          Set.of(
              "Name",
              "Labels",
              "TaskTemplate",
              "Mode",
              "UpdateConfig",
              "RollbackConfig",
              "EndpointSpec"),
          "/TaskTemplate",
          Set.of(
              "ContainerSpec", "Resources", "RestartPolicy", "Placement", "Networks", "LogDriver"),
          "/TaskTemplate/ContainerSpec",
          Set.of(
              "Image",
              "Labels",
              "Command",
              "Args",
              "Hostname",
              "Env",
              "Dir",
              "User",
              "Privileges",
              "Init",
              "StopSignal",
              "TTY",
              "OpenStdin",
              "ReadOnly",
              "Mounts",
              "StopGracePeriod",
              "Healthcheck",
              "Hosts",
              "DNSConfig",
              "Secrets",
              "Configs",
              "Isolation",
              "Sysctls",
              "CapabilityAdd",
              "CapabilityDrop",
              "Ulimits",
              "OomScoreAdj"),
          "/TaskTemplate/ContainerSpec/Privileges",
          Set.of("CredentialSpec"),
          "/TaskTemplate/Resources",
          Set.of("Limits", "Reservations"),
          "/TaskTemplate/Placement",
          Set.of("Constraints", "Preferences", "MaxReplicas", "Platforms"));

  private SpecOverlay() {}

  /** The spec to send. Neither argument is changed. */
  public static ObjectNode apply(JsonNode live, JsonNode desired) {
    ObjectNode result = overlay("", live, desired);
    keepReplicas(live, desired, result);
    ScheduledRun.keep(live, desired, result);
    return result;
  }

  private static ObjectNode overlay(String path, JsonNode live, JsonNode desired) {
    ObjectNode result = live.isObject() ? live.deepCopy() : desired.deepCopy();
    for (String key : MANAGED.get(path)) {
      JsonNode wanted = desired.get(key);
      String inner = path + "/" + key;
      if (wanted == null) {
        result.remove(key);
      } else if (wanted.isObject() && MANAGED.containsKey(inner)) {
        result.set(key, overlay(inner, live.path(key), wanted));
      } else {
        result.set(key, wanted.deepCopy());
      }
    }
    return result;
  }

  /** A file that names no number of replicas leaves it to those who scale. */
  private static void keepReplicas(JsonNode live, JsonNode desired, ObjectNode result) {
    JsonNode wanted = desired.path("Mode").path("Replicated");
    JsonNode had = live.path("Mode").path("Replicated").path("Replicas");
    if (wanted.isObject() && !wanted.has("Replicas") && had.isNumber()) {
      ((ObjectNode) result.path("Mode").path("Replicated")).set("Replicas", had);
    }
  }
}
