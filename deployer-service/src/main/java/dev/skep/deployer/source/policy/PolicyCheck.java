package dev.skep.deployer.source.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.compose.ComposeFile;
import dev.skep.deployer.convert.Namespace;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.source.declare.Policy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells what of a stack its source may not have. What is looked at is what the Engine would be
 * sent; what it would be sent and is not known here is refused, too, so that a setting that nobody
 * has thought of opens nothing.
 */
public final class PolicyCheck {
  private PolicyCheck() {}

  /**
   * Everything that is refused; empty if the stack may be applied.
   *
   * @param file where the objects come from, for the places and the labels
   * @param others the names of all other stacks
   */
  public static List<Refusal> check(
      ComposeFile file, StackObjects objects, String stack, Set<String> others, Policy policy) {
    Refusals refusals = new Refusals(file);
    Names names = new Names(stack, others, made(file, objects, stack));
    LabelRules.check(file, policy, refusals);
    ObjectRules rules = new ObjectRules(names, policy, refusals);
    objects.networks().forEach(n -> rules.network(n, key(file, "networks", n, stack)));
    objects.secrets().forEach(s -> rules.secret(s, key(file, "secrets", s, stack)));
    objects.configs().forEach(c -> rules.config(c, key(file, "configs", c, stack)));
    ServiceRules services = new ServiceRules(names, policy, refusals);
    String prefix = stack + "_";
    for (JsonNode service : objects.services()) {
      String name = service.path("Name").asText();
      services.check(service, name.startsWith(prefix) ? name.substring(prefix.length()) : name);
    }
    return refusals.found();
  }

  private static Map<String, Set<String>> made(
      ComposeFile file, StackObjects objects, String stack) {
    // Volumes are in no list of objects: nodes make them for the mounts that name them.
    Stream<String> volumes =
        file.section("volumes").entrySet().stream()
            .filter(e -> !Boolean.TRUE.equals(e.getValue().flag("external")))
            .map(
                e ->
                    e.getValue().text("name").isEmpty()
                        ? new Namespace(stack).scope(e.getKey())
                        : e.getValue().text("name"));
    return Map.of(
        "networks", names(objects.networks()),
        "secrets", names(objects.secrets()),
        "configs", names(objects.configs()),
        "volumes", volumes.collect(Collectors.toUnmodifiableSet()));
  }

  private static Set<String> names(List<ObjectNode> objects) {
    return objects.stream()
        .map(o -> o.path("Name").asText())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The key under which the file declares an object; its name if there is none. */
  private static String key(ComposeFile file, String section, JsonNode object, String stack) {
    String name = object.path("Name").asText();
    return file.section(section).entrySet().stream()
        .filter(
            e ->
                e.getValue().text("name").equals(name)
                    || (e.getValue().text("name").isEmpty()
                        && name.equals(stack + "_" + e.getKey())))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(name);
  }
}
