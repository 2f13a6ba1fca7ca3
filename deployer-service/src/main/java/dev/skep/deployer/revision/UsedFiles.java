package dev.skep.deployer.revision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.plan.FilePlanner;
import dev.skep.deployer.plan.LiveStack;
import dev.skep.model.stack.Revision.FileUse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which objects of the cluster stood for a stack's secrets and configs in a revision. */
public final class UsedFiles {
  private UsedFiles() {}

  /** What the services of a stack use, of what the stack itself made, now or earlier. */
  public static List<FileUse> of(StackObjects objects, LiveStack live) {
    Map<String, JsonNode> byName = new HashMap<>();
    live.services().forEach(s -> byName.put(LiveStack.nameOf(s), s.path("Spec")));
    Set<String> secrets = own(objects.secrets(), live.secrets());
    Set<String> configs = own(objects.configs(), live.configs());
    Set<FileUse> uses = new LinkedHashSet<>();
    for (ObjectNode service : objects.services()) {
      JsonNode running = byName.get(service.path("Name").asText());
      if (running != null) {
        add("secret", "Secret", secrets, service, running, uses);
        add("config", "Config", configs, service, running, uses);
      }
    }
    return List.copyOf(uses);
  }

  private static void add(
      String kind,
      String prefix,
      Set<String> own,
      JsonNode service,
      JsonNode running,
      Set<FileUse> uses) {
    for (JsonNode wanted : references(service, prefix)) {
      String name = wanted.path(prefix + "Name").asText();
      for (JsonNode had : references(running, prefix)) {
        String object = had.path(prefix + "Name").asText();
        boolean samePlace = wanted.path("File").path("Name").equals(had.path("File").path("Name"));
        if (own.contains(name) && samePlace && FilePlanner.standsFor(object, name)) {
          uses.add(new FileUse(kind, name, object));
        }
      }
    }
  }

  /**
   * The secrets of a body that was kept without them, in words, that no object of the cluster holds
   * any more.
   *
   * @param live names of the secrets on the cluster
   */
  public static List<String> missing(StackObjects objects, List<FileUse> used, Set<String> live) {
    Map<String, String> actual = secrets(used);
    Set<String> missing = new TreeSet<>();
    for (String name : withoutContent(objects)) {
      if (isUsed(objects, name)) {
        String object = actual.getOrDefault(name, "");
        if (object.isEmpty()) {
          missing.add(name);
        } else if (!live.contains(object)) {
          missing.add(object);
        }
      }
    }
    return List.copyOf(missing);
  }

  /** Secrets that were kept without their content become the objects that stood for them. */
  public static StackObjects resolve(StackObjects objects, List<FileUse> used) {
    Set<String> without = withoutContent(objects);
    if (without.isEmpty()) {
      return objects;
    }
    Map<String, String> actual = secrets(used);
    List<ObjectNode> services = new ArrayList<>();
    for (ObjectNode service : objects.services()) {
      ObjectNode copy = service.deepCopy();
      for (JsonNode reference : references(copy, "Secret")) {
        String name = reference.path("SecretName").asText();
        if (without.contains(name)) {
          ((ObjectNode) reference).put("SecretName", actual.getOrDefault(name, name));
        }
      }
      services.add(copy);
    }
    List<ObjectNode> secrets =
        objects.secrets().stream().filter(s -> !without.contains(nameOf(s))).toList();
    return new StackObjects(
        objects.networks(), secrets, objects.configs(), services, objects.dependencies());
  }

  /** The objects without the content of secrets. */
  public static StackObjects withoutSecrets(StackObjects objects) {
    List<ObjectNode> secrets =
        objects.secrets().stream().map(s -> (ObjectNode) s.deepCopy().without("Data")).toList();
    return new StackObjects(
        objects.networks(), secrets, objects.configs(), objects.services(), objects.dependencies());
  }

  private static Set<String> withoutContent(StackObjects objects) {
    return objects.secrets().stream()
        .filter(s -> !s.has("Data") && !s.has("Driver"))
        .map(UsedFiles::nameOf)
        .collect(Collectors.toSet());
  }

  private static boolean isUsed(StackObjects objects, String secret) {
    return objects.services().stream()
        .flatMap(s -> references(s, "Secret").stream())
        .anyMatch(r -> r.path("SecretName").asText().equals(secret));
  }

  private static Map<String, String> secrets(List<FileUse> used) {
    return used.stream()
        .filter(u -> u.kind().equals("secret"))
        .collect(Collectors.toMap(FileUse::name, FileUse::object, (a, b) -> a));
  }

  private static List<JsonNode> references(JsonNode spec, String prefix) {
    List<JsonNode> references = new ArrayList<>();
    spec.path("TaskTemplate").path("ContainerSpec").path(prefix + "s").forEach(references::add);
    return references;
  }

  private static Set<String> own(List<ObjectNode> desired, List<JsonNode> live) {
    Set<String> names = new TreeSet<>();
    desired.forEach(o -> names.add(nameOf(o)));
    live.forEach(o -> names.add(LiveStack.nameOf(o)));
    return names;
  }

  private static String nameOf(JsonNode object) {
    return object.path("Name").asText();
  }
}
