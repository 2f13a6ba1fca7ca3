package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.compose.ImageName;
import dev.skep.deployer.convert.Namespace;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Pins images to the digests that their registries name, so that every node runs the same. Where a
 * registry cannot tell, a warning is given and the deployment goes on.
 */
final class ImageResolver {
  private record Resolution(String image, ArrayNode platforms) {}

  private final EngineClient engine;
  private final ApplyOptions options;
  private final Steps steps;
  private final Map<String, Optional<Resolution>> known = new ConcurrentHashMap<>();

  ImageResolver(EngineClient engine, ApplyOptions options, Steps steps) {
    this.engine = engine;
    this.options = options;
    this.steps = steps;
  }

  /** Asks for all images at once, each once. */
  void prepare(Collection<ObjectNode> specs, Map<String, JsonNode> liveByName) {
    TreeSet<String> images = new TreeSet<>();
    for (ObjectNode spec : specs) {
      JsonNode live = liveByName.get(spec.path("Name").asText());
      if (toBeAsked(spec, live)) {
        images.add(image(spec));
      }
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      images.forEach(i -> threads.execute(() -> known.put(i, ask(i))));
    }
  }

  private boolean toBeAsked(ObjectNode spec, JsonNode live) {
    return !ImageName.hasDigest(image(spec))
        && switch (options.resolveImage()) {
          case ALWAYS -> true;
          case CHANGED -> !sameName(spec, live);
          case NEVER -> false;
        };
  }

  private Optional<Resolution> ask(String image) {
    try {
      JsonNode answer = engine.inspectDistribution(image, Credentials.of(image, options));
      String digest = answer.path("Descriptor").path("digest").asText();
      if (digest.isEmpty()) {
        steps.warn(
            "image " + image + " has no digest in its registry; nodes may run different ones");
        return Optional.empty();
      }
      ArrayNode platforms = JsonNodeFactory.instance.arrayNode();
      for (JsonNode platform : answer.path("Platforms")) {
        String architecture = platform.path("architecture").asText();
        // Swarm cannot tell the variants of arm apart: no constraint for it, as the CLI does.
        platforms
            .addObject()
            .put("Architecture", architecture.equals("arm") ? "" : architecture)
            .put("OS", platform.path("os").asText());
      }
      return Optional.of(new Resolution(ImageName.withDigest(image, digest), platforms));
    } catch (EngineException e) {
      steps.warn(
          "image %s could not be resolved to a digest, nodes may run different ones: %s"
              .formatted(image, e.reason()));
      return Optional.empty();
    }
  }

  /**
   * Sets a spec's image and platforms: the resolved ones, else those of the live service where it
   * was deployed from the same name, else the name.
   *
   * @param spec is changed
   * @param live the live service, or null
   */
  void pin(ObjectNode spec, JsonNode live) {
    ObjectNode container = (ObjectNode) spec.path("TaskTemplate").path("ContainerSpec");
    ObjectNode placement = (ObjectNode) spec.path("TaskTemplate").path("Placement");
    Optional<Resolution> resolution = known.getOrDefault(image(spec), Optional.empty());
    if (resolution.isPresent()) {
      container.put("Image", resolution.get().image());
      placement.set("Platforms", resolution.get().platforms());
    } else if (sameName(spec, live)) {
      JsonNode task = live.path("Spec").path("TaskTemplate");
      container.set("Image", task.path("ContainerSpec").path("Image"));
      if (task.path("Placement").has("Platforms")) {
        placement.set("Platforms", task.path("Placement").path("Platforms"));
      }
    }
  }

  private static String image(ObjectNode spec) {
    return spec.path("TaskTemplate").path("ContainerSpec").path("Image").asText();
  }

  private static boolean sameName(ObjectNode spec, JsonNode live) {
    return live != null
        && live.path("Spec")
            .path("Labels")
            .path(Namespace.IMAGE_LABEL)
            .asText()
            .equals(spec.path("Labels").path(Namespace.IMAGE_LABEL).asText());
  }
}
