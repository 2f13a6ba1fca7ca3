package dev.skep.deployer.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.apply.ApplyOptions;
import dev.skep.deployer.convert.Namespace;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.plan.Waves;
import dev.skep.model.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What is asked for: a stack's objects and how they are applied. May hold secrets, so it travels
 * sealed.
 */
public record StackBody(String stack, StackObjects objects, ApplyOptions options, Origin origin) {
  /** One of which nobody says where it came from. */
  public StackBody(String stack, StackObjects objects, ApplyOptions options) {
    this(stack, objects, options, Origin.UNKNOWN);
  }

  /** What a revision's sealed body is bound to. */
  public static String sealingContext(String stack, long revision) {
    return "skep.stacks|" + stack + "|" + revision;
  }

  /** The JSON that is sealed: {@code {"stack":NAME,"objects":{},"options":{},"origin":{}}}. */
  public byte[] toBytes() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("stack", stack);
    json.set("objects", objects.toBody());
    json.set("options", options.toJson());
    json.set("origin", origin.toJson());
    try {
      return Json.mapper().writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads and checks a body.
   *
   * @throws IllegalArgumentException with what is wrong and what to do
   */
  public static StackBody fromBytes(byte[] bytes) {
    try {
      return fromJson(Json.mapper().readTree(bytes));
    } catch (IOException e) {
      throw new IllegalArgumentException("the body is not JSON", e);
    }
  }

  /** As {@link #fromBytes}. */
  public static StackBody fromJson(JsonNode json) {
    if (json == null || !json.isObject()) {
      throw new IllegalArgumentException("the body must be a JSON object");
    }
    String stack = new Namespace(json.path("stack").asText()).stack();
    StackObjects objects = StackObjects.fromJson(json.get("objects"));
    check(stack, objects);
    Waves.cycle(objects.dependencies())
        .ifPresent(
            cycle -> {
              throw new IllegalArgumentException(
                  "services depend on each other in a circle: " + String.join(" -> ", cycle));
            });
    return new StackBody(
        stack,
        objects,
        ApplyOptions.fromJson(json.get("options")),
        Origin.fromJson(json.get("origin")));
  }

  /** The services' names without the namespace. */
  public List<String> serviceNames() {
    String prefix = stack + "_";
    return objects.services().stream()
        .map(s -> s.path("Name").asText())
        .map(n -> n.startsWith(prefix) ? n.substring(prefix.length()) : n)
        .toList();
  }

  /** Removal and pruning go by the label: an object without it, or with another's, is refused. */
  private static void check(String stack, StackObjects objects) {
    if (objects.services().isEmpty()) {
      throw new IllegalArgumentException("the stack has no services");
    }
    List<ObjectNode> all = new ArrayList<>(objects.services());
    all.addAll(objects.networks());
    all.addAll(objects.secrets());
    all.addAll(objects.configs());
    for (ObjectNode object : all) {
      if (!object.path("Labels").path(Namespace.LABEL).asText().equals(stack)) {
        throw new IllegalArgumentException(
            "'%s' must have the label %s=%s"
                .formatted(object.path("Name").asText(), Namespace.LABEL, stack));
      }
    }
    for (ObjectNode service : objects.services()) {
      JsonNode task = service.path("TaskTemplate");
      boolean whole =
          task.path("ContainerSpec").isObject()
              && task.path("Placement").isObject()
              && !task.path("ContainerSpec").path("Image").asText().isEmpty();
      if (!whole) {
        throw new IllegalArgumentException(
            "service '%s' must have a TaskTemplate with ContainerSpec, Image and Placement"
                .formatted(service.path("Name").asText()));
      }
    }
  }

  /** Values may be secret. */
  @Override
  public String toString() {
    return "StackBody[" + stack + ", " + objects + "]";
  }
}
