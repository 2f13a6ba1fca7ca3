package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a stack is applied.
 *
 * @param prune whether the stack's services that are not desired any more are removed
 * @param resolveImage when tags are resolved to digests
 * @param registryAuth registry host to the value of X-Registry-Auth; secret
 * @param includeHeld whether services that are updated by hand are updated, too
 */
public record ApplyOptions(
    boolean prune,
    ResolveImage resolveImage,
    Map<String, String> registryAuth,
    boolean includeHeld) {
  public ApplyOptions {
    registryAuth = Map.copyOf(registryAuth);
  }

  /** Without what is updated by hand. */
  public ApplyOptions(boolean prune, ResolveImage resolveImage, Map<String, String> registryAuth) {
    this(prune, resolveImage, registryAuth, false);
  }

  /** As the CLI has them: no pruning, images always resolved, no credentials. */
  public static ApplyOptions defaults() {
    return new ApplyOptions(false, ResolveImage.ALWAYS, Map.of());
  }

  /** These, with or without what is updated by hand. */
  public ApplyOptions includingHeld(boolean include) {
    return new ApplyOptions(prune, resolveImage, registryAuth, include);
  }

  /** {@code {"prune":false,"resolveImage":"always","registryAuth":{},"includeHeld":false}}. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("prune", prune);
    json.put("resolveImage", resolveImage.name().toLowerCase(Locale.ROOT));
    ObjectNode auth = json.putObject("registryAuth");
    new TreeMap<>(registryAuth).forEach(auth::put);
    json.put("includeHeld", includeHeld);
    return json;
  }

  /**
   * Reads what {@link #toJson} wrote; what is missing is as in {@link #defaults}.
   *
   * @throws IllegalArgumentException if a value cannot be understood
   */
  public static ApplyOptions fromJson(JsonNode json) {
    if (json == null || json.isNull() || json.isMissingNode()) {
      return defaults();
    }
    Map<String, String> auth = new TreeMap<>();
    json.path("registryAuth")
        .properties()
        .forEach(e -> auth.put(e.getKey(), e.getValue().asText()));
    return new ApplyOptions(
        json.path("prune").asBoolean(false),
        ResolveImage.of(json.path("resolveImage").asText("always")),
        auth,
        json.path("includeHeld").asBoolean(false));
  }

  /** Credentials are secret. */
  @Override
  public String toString() {
    return "ApplyOptions[prune=%s, resolveImage=%s, registries=%s, includeHeld=%s]"
        .formatted(prune, resolveImage, registryAuth.keySet(), includeHeld);
  }
}
