package dev.skep.deployer.revision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.compose.ImageName;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.plan.ImagePins;
import dev.skep.deployer.plan.LiveStack;
import dev.skep.model.stack.Revision.Image;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The images that a revision's services ran, so that going back to it runs them again. */
public final class RanImages {
  private RanImages() {}

  private record Pin(String image, JsonNode platforms) {}

  /** What the services of a stack run, where they were made of the stack's own images. */
  public static List<Image> of(StackObjects objects, List<JsonNode> live) {
    Map<String, JsonNode> byName = new HashMap<>();
    live.forEach(s -> byName.put(LiveStack.nameOf(s), s));
    Map<Pin, List<String>> pins = new LinkedHashMap<>();
    for (ObjectNode service : objects.services()) {
      String name = service.path("Name").asText();
      JsonNode running = byName.get(name);
      if (ImagePins.sameName(service, running)) {
        JsonNode spec = running.path("Spec");
        String image = ImagePins.image(spec);
        if (ImageName.hasDigest(image)) {
          JsonNode platforms = spec.path("TaskTemplate").path("Placement").get("Platforms");
          pins.computeIfAbsent(new Pin(image, platforms), p -> new ArrayList<>()).add(name);
        }
      }
    }
    return pins.entrySet().stream()
        .map(e -> new Image(e.getKey().image(), e.getKey().platforms(), e.getValue()))
        .toList();
  }

  /** The objects with these images in place of those that may be others by now. */
  public static StackObjects pin(StackObjects objects, List<Image> images) {
    Map<String, Image> byService = new TreeMap<>();
    images.forEach(i -> i.services().forEach(s -> byService.put(s, i)));
    List<ObjectNode> services = new ArrayList<>();
    for (ObjectNode service : objects.services()) {
      Image image = byService.get(service.path("Name").asText());
      services.add(image == null ? service : pinned(service, image));
    }
    return new StackObjects(
        objects.networks(), objects.secrets(), objects.configs(), services, objects.dependencies());
  }

  private static ObjectNode pinned(ObjectNode service, Image image) {
    ObjectNode copy = service.deepCopy();
    JsonNode task = copy.path("TaskTemplate");
    ((ObjectNode) task.path("ContainerSpec")).put("Image", image.image());
    if (image.platforms() != null) {
      ((ObjectNode) task.path("Placement")).set("Platforms", image.platforms());
    }
    return copy;
  }
}
