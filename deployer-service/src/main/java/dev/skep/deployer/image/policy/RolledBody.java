package dev.skep.deployer.image.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.apply.ApplyOptions;
import dev.skep.deployer.apply.ResolveImage;
import dev.skep.deployer.compose.ImageName;
import dev.skep.deployer.convert.Namespace;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.plan.ImagePins.Pin;
import dev.skep.deployer.state.Origin;
import dev.skep.deployer.state.StackBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes of a stack's current body one with other images for some services. */
public final class RolledBody {
  private RolledBody() {}

  /**
   * A service's new image.
   *
   * @param name without the digest, as a file would name it
   * @param pin with the digest
   */
  public record NewImage(String name, Pin pin) {}

  /** {@code {"s_web":{"name":"app:1.4","image":"app:1.4@sha256:...","platforms":[]}}}. */
  public static ObjectNode toJson(Map<String, NewImage> images) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    new TreeMap<>(images)
        .forEach(
            (service, image) ->
                json.putObject(service)
                    .put("name", image.name())
                    .put("image", image.pin().image())
                    .set("platforms", image.pin().platforms()));
    return json;
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if it holds none, or one that has no digest
   */
  public static Map<String, NewImage> fromJson(JsonNode json) {
    Map<String, NewImage> images = new TreeMap<>();
    json.properties()
        .forEach(
            e -> {
              String image = e.getValue().path("image").asText();
              String name = e.getValue().path("name").asText();
              boolean whole =
                  ImageName.isValid(image)
                      && ImageName.hasDigest(image)
                      && ImageReference.of(name).isPresent();
              if (!whole || !(e.getValue().get("platforms") instanceof ArrayNode platforms)) {
                throw new IllegalArgumentException(
                    "the image of '%s' must have a name, a digest and platforms"
                        .formatted(e.getKey()));
              }
              images.put(e.getKey(), new NewImage(name, new Pin(image, platforms)));
            });
    if (images.isEmpty()) {
      throw new IllegalArgumentException("no image is named");
    }
    return images;
  }

  /**
   * The body with these images, and all else as it was. Images of other services are not asked for
   * again where they run; what is updated by hand, and what a rollback removes, is not touched
   * again.
   *
   * @param rollbackOnFailure whether the stack goes back if the new images do not come to run
   * @throws IllegalArgumentException if one of the services is not there
   */
  public static StackBody of(
      StackBody body, Map<String, NewImage> images, boolean rollbackOnFailure) {
    List<ObjectNode> services = new ArrayList<>();
    Map<String, NewImage> left = new TreeMap<>(images);
    for (ObjectNode spec : body.objects().services()) {
      NewImage image = left.remove(spec.path("Name").asText());
      services.add(image == null ? spec : with(spec, image));
    }
    if (!left.isEmpty()) {
      throw new IllegalArgumentException(
          "stack %s has no service %s".formatted(body.stack(), String.join(", ", left.keySet())));
    }
    StackObjects old = body.objects();
    return new StackBody(
        body.stack(),
        new StackObjects(
            old.networks(), old.secrets(), old.configs(), services, old.dependencies()),
        options(body.options(), rollbackOnFailure),
        Origin.of(body.origin().source()));
  }

  /** All others stay as they are, those that this knows nothing of, too. */
  private static ApplyOptions options(ApplyOptions options, boolean rollbackOnFailure) {
    ObjectNode json = options.toJson();
    if (options.resolveImage() == ResolveImage.ALWAYS) {
      json.put("resolveImage", "changed");
    }
    return ApplyOptions.fromJson(json).includingHeld(false).rollingBackOnFailure(rollbackOnFailure);
  }

  private static ObjectNode with(ObjectNode spec, NewImage image) {
    ObjectNode copy = spec.deepCopy();
    JsonNode task = copy.path("TaskTemplate");
    ((ObjectNode) task.path("ContainerSpec")).put("Image", image.pin().image());
    ((ObjectNode) task.path("Placement")).set("Platforms", image.pin().platforms());
    // The label is as its file has it, for as long as that means the same.
    String said = copy.path("Labels").path(Namespace.IMAGE_LABEL).asText();
    if (!said.isEmpty() && !ImageReference.of(said).equals(ImageReference.of(image.name()))) {
      ((ObjectNode) copy.path("Labels")).put(Namespace.IMAGE_LABEL, image.name());
    }
    return copy;
  }
}
