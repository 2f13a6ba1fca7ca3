package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How a stack is applied.
 *
 * @param prune whether the stack's services that are not desired any more are removed
 * @param resolveImage when tags are resolved to digests
 * @param registryAuth registry host, "docker.io" for Docker Hub, to the value of X-Registry-Auth;
 *     secret
 * @param includeHeld whether services that are updated by hand are updated, too
 * @param rollbackOnFailure whether the stack goes back to its last good revision if this fails
 * @param waiting whether services are waited for, and for how long
 * @param heal what is done later about what others change
 */
public record ApplyOptions(
    boolean prune,
    ResolveImage resolveImage,
    Map<String, String> registryAuth,
    boolean includeHeld,
    boolean rollbackOnFailure,
    Waiting waiting,
    Heal heal) {
  private static final Pattern BASE64_URL = Pattern.compile("[A-Za-z0-9_-]+={0,2}");

  public ApplyOptions {
    registryAuth = Map.copyOf(registryAuth);
    registryAuth.forEach(ApplyOptions::check);
  }

  /** What is no base64url could end the header and begin another. */
  private static void check(String host, String header) {
    if (!BASE64_URL.matcher(header).matches()) {
      throw new IllegalArgumentException(
          "the registryAuth of '%s' must be base64url of a JSON object".formatted(host));
    }
  }

  /** Only tells of drift. */
  public ApplyOptions(
      boolean prune,
      ResolveImage resolveImage,
      Map<String, String> registryAuth,
      boolean includeHeld,
      boolean rollbackOnFailure,
      Waiting waiting) {
    this(prune, resolveImage, registryAuth, includeHeld, rollbackOnFailure, waiting, Heal.REPORT);
  }

  /** Waits as by default. */
  public ApplyOptions(
      boolean prune,
      ResolveImage resolveImage,
      Map<String, String> registryAuth,
      boolean includeHeld,
      boolean rollbackOnFailure) {
    this(prune, resolveImage, registryAuth, includeHeld, rollbackOnFailure, Waiting.DEFAULT);
  }

  /** Without what is updated by hand. */
  public ApplyOptions(boolean prune, ResolveImage resolveImage, Map<String, String> registryAuth) {
    this(prune, resolveImage, registryAuth, false, false);
  }

  /** No pruning, images always resolved, no credentials; services are waited for. */
  public static ApplyOptions defaults() {
    return new ApplyOptions(false, ResolveImage.ALWAYS, Map.of());
  }

  /** These, with or without what is updated by hand. */
  public ApplyOptions includingHeld(boolean include) {
    return new ApplyOptions(
        prune, resolveImage, registryAuth, include, rollbackOnFailure, waiting, heal);
  }

  /** These, with or without the way back. */
  public ApplyOptions rollingBackOnFailure(boolean back) {
    return new ApplyOptions(prune, resolveImage, registryAuth, includeHeld, back, waiting, heal);
  }

  /** These, with or without the removal of what is not desired any more. */
  public ApplyOptions pruning(boolean remove) {
    return new ApplyOptions(
        remove, resolveImage, registryAuth, includeHeld, rollbackOnFailure, waiting, heal);
  }

  /** These, without what is secret. */
  public ApplyOptions withoutCredentials() {
    return new ApplyOptions(
        prune, resolveImage, Map.of(), includeHeld, rollbackOnFailure, waiting, heal);
  }

  /** These, and how services are waited for. */
  public ApplyOptions with(Waiting how) {
    return new ApplyOptions(
        prune, resolveImage, registryAuth, includeHeld, rollbackOnFailure, how, heal);
  }

  /** These, and what is done about drift. */
  public ApplyOptions with(Heal policy) {
    return new ApplyOptions(
        prune, resolveImage, registryAuth, includeHeld, rollbackOnFailure, waiting, policy);
  }

  /** These, and when tags are resolved. */
  public ApplyOptions with(ResolveImage when) {
    return new ApplyOptions(
        prune, when, registryAuth, includeHeld, rollbackOnFailure, waiting, heal);
  }

  /** These, done when all is sent. */
  public ApplyOptions detached() {
    return with(waiting.not());
  }

  /** Those that change what a deployment does, by name, for people. */
  public Map<String, String> told() {
    Map<String, String> told = new TreeMap<>();
    toJson()
        .properties()
        .forEach(
            e -> {
              if (e.getValue().isValueNode()) {
                told.put(e.getKey(), e.getValue().asText());
              }
            });
    return told;
  }

  /** An object with a field for each of them; of how services are waited for, two. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("prune", prune);
    json.put("resolveImage", resolveImage.name().toLowerCase(Locale.ROOT));
    ObjectNode auth = json.putObject("registryAuth");
    new TreeMap<>(registryAuth).forEach(auth::put);
    json.put("includeHeld", includeHeld);
    json.put("rollbackOnFailure", rollbackOnFailure);
    waiting.write(json);
    json.put("heal", heal.text());
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
        json.path("includeHeld").asBoolean(false),
        json.path("rollbackOnFailure").asBoolean(false),
        Waiting.read(json),
        Heal.of(json.path("heal").asText("report")));
  }

  /** Credentials are secret. */
  @Override
  public String toString() {
    return "ApplyOptions[prune=%s, resolveImage=%s, registries=%s, includeHeld=%s, rollbackOnFailure=%s, %s, heal=%s]"
        .formatted(
            prune,
            resolveImage,
            registryAuth.keySet(),
            includeHeld,
            rollbackOnFailure,
            waiting,
            heal);
  }
}
