package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.skep.deployer.compose.ImageName;
import dev.skep.deployer.plan.ImagePins.Pin;
import dev.skep.engine.EngineClient;
import dev.skep.engine.RegistryAuth;
import java.util.Optional;

/** Asks an image's registry, by the Engine, what its tag points to. */
public final class Distribution {
  private Distribution() {}

  /**
   * The image with its digest and platforms. May take up to a minute.
   *
   * @param auth null for none
   * @return empty if the registry names no digest
   * @throws dev.skep.engine.EngineException if it does not tell
   */
  public static Optional<Pin> pin(EngineClient engine, String image, RegistryAuth auth) {
    JsonNode answer = engine.inspectDistribution(image, auth);
    String digest = answer.path("Descriptor").path("digest").asText();
    if (digest.isEmpty()) {
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
    return Optional.of(new Pin(ImageName.withDigest(image, digest), platforms));
  }
}
