package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Leaves out what an older Engine would drop without a word: with it the live spec would differ
 * from the desired one for ever, and every deployment would update the service.
 */
public final class ApiLevel {
  private ApiLevel() {}

  /**
   * Takes out of a spec what the Engine does not know.
   *
   * @param spec is changed
   * @param apiVersion such as "1.41"
   * @return what was taken out, for a warning
   */
  public static List<String> fit(ObjectNode spec, String apiVersion) {
    int minor = Integer.parseInt(apiVersion.substring(apiVersion.indexOf('.') + 1));
    List<String> dropped = new ArrayList<>();
    JsonNode container = spec.path("TaskTemplate").path("ContainerSpec");
    if (minor < 44) {
      remove(container.path("Healthcheck"), "StartInterval", "healthcheck.start_interval", dropped);
      remove(container.path("Privileges"), "NoNewPrivileges", "", dropped);
    }
    if (minor < 45) {
      for (JsonNode mount : container.path("Mounts")) {
        remove(mount.path("VolumeOptions"), "Subpath", "volume.subpath", dropped);
      }
    }
    if (minor < 46) {
      remove(container, "OomScoreAdj", "oom_score_adj", dropped);
    }
    return dropped;
  }

  private static void remove(JsonNode from, String field, String key, List<String> dropped) {
    if (from instanceof ObjectNode object && object.remove(field) != null && !key.isEmpty()) {
      dropped.add(key);
    }
  }
}
