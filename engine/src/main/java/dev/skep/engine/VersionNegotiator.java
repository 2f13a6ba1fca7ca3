package dev.skep.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Remembers which API version both sides speak. It is asked for on the first call and again after
 * the Engine was out of reach, when another Engine may have come back.
 */
final class VersionNegotiator {
  private final Supplier<JsonNode> version;
  private final AtomicReference<ApiVersion> agreed = new AtomicReference<>();

  /**
   * @param version reads GET /version, without a version in its path
   */
  VersionNegotiator(Supplier<JsonNode> version) {
    this.version = version;
  }

  /**
   * The version to speak; asks the Engine if it is not known.
   *
   * @throws EngineException if the Engine does not answer, or there is no common version
   */
  ApiVersion current() {
    ApiVersion known = agreed.get();
    if (known != null) {
      return known;
    }
    // Two threads may both ask: they get the same answer.
    ApiVersion negotiated = negotiate(version.get());
    agreed.set(negotiated);
    return negotiated;
  }

  /** Ask again before the next call. */
  void forget() {
    agreed.set(null);
  }

  /** Whether an error says that the version no longer fits this Engine. */
  static boolean refused(EngineException e) {
    return e.status() == 400 && e.reason().contains("client version");
  }

  private static ApiVersion negotiate(JsonNode answer) {
    try {
      String oldest = answer.path("MinAPIVersion").asText("");
      return ApiVersion.negotiate(
          ApiVersion.parse(answer.path("ApiVersion").asText()),
          oldest.isEmpty() ? null : ApiVersion.parse(oldest));
    } catch (IllegalArgumentException e) {
      throw new EngineException(400, "GET /version", e.getMessage(), e);
    }
  }
}
