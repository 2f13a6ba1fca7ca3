package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.compose.ImageName;
import dev.skep.deployer.convert.Namespace;
import java.util.Map;

/**
 * What registries say of images.
 *
 * @param known image as the file names it to what it is; an image that nobody could tell of, or
 *     that was not asked for, is missing
 */
public record ImagePins(Map<String, Pin> known) {
  /** Nothing was asked. */
  public static final ImagePins NONE = new ImagePins(Map.of());

  /**
   * One image.
   *
   * @param image with its digest
   * @param platforms as a spec's Placement has them
   */
  public record Pin(String image, ArrayNode platforms) {}

  public ImagePins {
    known = Map.copyOf(known);
  }

  /**
   * Sets a spec's image and platforms: the resolved ones, else those of the live service where it
   * was deployed from the same name, else the name.
   *
   * @param spec is changed
   * @param live the live service, or null
   */
  public void pin(ObjectNode spec, JsonNode live) {
    ObjectNode container = (ObjectNode) spec.path("TaskTemplate").path("ContainerSpec");
    ObjectNode placement = (ObjectNode) spec.path("TaskTemplate").path("Placement");
    Pin pin = known.get(image(spec));
    if (pin != null) {
      container.put("Image", pin.image());
      placement.set("Platforms", pin.platforms());
    } else if (sameName(spec, live) && !isAnother(spec, live)) {
      JsonNode task = live.path("Spec").path("TaskTemplate");
      container.set("Image", task.path("ContainerSpec").path("Image"));
      if (task.path("Placement").has("Platforms")) {
        placement.set("Platforms", task.path("Placement").path("Platforms"));
      }
    }
  }

  /**
   * Whether somebody has given the live service another image, or tag, or digest than asked for.
   */
  private static boolean isAnother(JsonNode spec, JsonNode live) {
    String wanted = image(spec);
    String has = image(live.path("Spec"));
    return ImageName.hasDigest(wanted)
        ? !wanted.equals(has)
        : !ImageName.tagged(wanted).equals(ImageName.tagged(ImageName.withoutDigest(has)));
  }

  /** A spec's image. */
  public static String image(JsonNode spec) {
    return spec.path("TaskTemplate").path("ContainerSpec").path("Image").asText();
  }

  /**
   * Whether a live service was deployed from the image's name that is desired.
   *
   * @param live the live service, or null
   */
  public static boolean sameName(JsonNode spec, JsonNode live) {
    return live != null
        && live.path("Spec")
            .path("Labels")
            .path(Namespace.IMAGE_LABEL)
            .asText()
            .equals(spec.path("Labels").path(Namespace.IMAGE_LABEL).asText());
  }
}
