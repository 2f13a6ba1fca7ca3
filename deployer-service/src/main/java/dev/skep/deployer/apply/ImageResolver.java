package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.compose.ImageName;
import dev.skep.deployer.plan.ImagePins;
import dev.skep.deployer.plan.ImagePins.Pin;
import dev.skep.deployer.plan.LiveStack;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Pins images to the digests that their registries name, so that every node runs the same. Where a
 * registry cannot tell, a warning is given and the deployment goes on.
 */
final class ImageResolver {
  private final EngineClient engine;
  private final ApplyOptions options;
  private final Consumer<String> warn;

  /**
   * A resolver.
   *
   * @param warn gets what could not be resolved, from several threads
   */
  ImageResolver(EngineClient engine, ApplyOptions options, Consumer<String> warn) {
    this.engine = engine;
    this.options = options;
    this.warn = warn;
  }

  /** Asks for all images at once, each once. */
  ImagePins resolve(Collection<ObjectNode> specs, LiveStack live) {
    TreeSet<String> images = new TreeSet<>();
    for (ObjectNode spec : specs) {
      if (toBeAsked(spec, live.service(spec.path("Name").asText()))) {
        images.add(ImagePins.image(spec));
      }
    }
    Map<String, Pin> known = new ConcurrentHashMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      images.forEach(i -> threads.execute(() -> ask(i).ifPresent(pin -> known.put(i, pin))));
    }
    return new ImagePins(known);
  }

  private boolean toBeAsked(ObjectNode spec, JsonNode live) {
    return !ImageName.hasDigest(ImagePins.image(spec))
        && switch (options.resolveImage()) {
          case ALWAYS -> true;
          case CHANGED -> !ImagePins.sameName(spec, live);
          case NEVER -> false;
        };
  }

  private Optional<Pin> ask(String image) {
    try {
      Optional<Pin> pin = Distribution.pin(engine, image, Credentials.of(image, options));
      if (pin.isEmpty()) {
        warn.accept(
            "image " + image + " has no digest in its registry; nodes may run different ones");
      }
      return pin;
    } catch (EngineException e) {
      warn.accept(
          "image %s could not be resolved to a digest, nodes may run different ones: %s"
              .formatted(image, e.reason()));
      return Optional.empty();
    }
  }
}
