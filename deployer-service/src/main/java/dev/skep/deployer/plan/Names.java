package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The ids behind the names that services refer to.
 *
 * @param networks name to id
 * @param secrets the name in the file's body to what stands for it in the cluster
 * @param configs the same for configs
 */
public record Names(
    Map<String, String> networks, Map<String, Target> secrets, Map<String, Target> configs) {
  /** A secret's or config's name and id in the cluster; a rotated one has another name. */
  public record Target(String name, String id) {}

  /** No names at all. */
  public static Names empty() {
    return new Names(new HashMap<>(), new HashMap<>(), new HashMap<>());
  }

  /** The networks that a spec names. */
  public static Set<String> networksOf(JsonNode spec) {
    Set<String> names = new TreeSet<>();
    spec.path("TaskTemplate").path("Networks").forEach(n -> names.add(n.path("Target").asText()));
    return names;
  }

  /** The secrets or configs that a spec names. */
  public static Set<String> filesOf(JsonNode spec, String list, String prefix) {
    Set<String> names = new TreeSet<>();
    spec.path("TaskTemplate")
        .path("ContainerSpec")
        .path(list)
        .forEach(r -> names.add(r.path(prefix + "Name").asText()));
    return names;
  }

  /** A spec with ids where it had names. A name without an id stays. */
  public ObjectNode resolve(JsonNode spec) {
    ObjectNode result = spec.deepCopy();
    JsonNode task = result.path("TaskTemplate");
    for (JsonNode network : task.path("Networks")) {
      String name = network.path("Target").asText();
      ((ObjectNode) network).put("Target", networks.getOrDefault(name, name));
    }
    JsonNode container = task.path("ContainerSpec");
    files(container.path("Secrets"), "Secret", secrets);
    files(container.path("Configs"), "Config", configs);
    JsonNode credentials = container.path("Privileges").path("CredentialSpec");
    Target config = configs.get(credentials.path("Config").asText());
    if (config != null) {
      ((ObjectNode) credentials).put("Config", config.id());
    }
    return result;
  }

  private static void files(JsonNode references, String prefix, Map<String, Target> targets) {
    for (JsonNode reference : references) {
      Target target = targets.get(reference.path(prefix + "Name").asText());
      if (target != null) {
        ((ObjectNode) reference)
            .put(prefix + "ID", target.id())
            .put(prefix + "Name", target.name());
      }
    }
  }
}
