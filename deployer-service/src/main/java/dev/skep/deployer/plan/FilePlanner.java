package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Decides what to do for a secret or config. The Engine does not let their content be changed, so a
 * new content becomes a new object: the first has the CLI's name, later ones that and a suffix.
 */
public final class FilePlanner {
  /** The label with a secret's {@link ContentHash}. */
  public static final String CONTENT_LABEL = "dev.skep.content";

  /** The label of a rotated object: the name of the one that it came after. */
  public static final String ROTATES_LABEL = "dev.skep.rotates";

  private static final String OURS = "dev.skep.";

  /** The Engine's limit for names of secrets and configs. */
  private static final int LONGEST_NAME = 64;

  private static final Pattern SUFFIX = Pattern.compile("[0-9a-f]{8}");

  private FilePlanner() {}

  /**
   * A config's plan.
   *
   * @param desired the body, with Data in base64
   * @param live the stack's configs as the Engine lists them
   */
  public static FilePlan config(ObjectNode desired, List<JsonNode> live) {
    byte[] content = content(desired);
    for (JsonNode candidate : candidates(desired, live)) {
      if (sameContent(desired, candidate.path("Spec"))) {
        return present(desired, candidate);
      }
    }
    return create(desired, live, ContentHash.suffix(content), Optional.empty());
  }

  /**
   * A secret's plan.
   *
   * @param desired the body, with Data in base64 unless a driver provides it
   * @param live the stack's secrets as the Engine lists them
   */
  public static FilePlan secret(ObjectNode desired, List<JsonNode> live) {
    List<JsonNode> candidates = candidates(desired, live);
    if (desired.has("Driver")) {
      return candidates.stream()
          .filter(c -> c.path("Spec").path("Driver").equals(desired.get("Driver")))
          .findFirst()
          .map(c -> present(desired, c))
          .orElseGet(
              () ->
                  create(
                      desired,
                      live,
                      ContentHash.suffix(utf8(desired.get("Driver").toString())),
                      Optional.empty()));
    }
    byte[] content = content(desired);
    for (JsonNode candidate : candidates) {
      String label = candidate.path("Spec").path("Labels").path(CONTENT_LABEL).asText();
      if (ContentHash.matches(label, content)) {
        return present(desired, candidate);
      }
    }
    List<String> before = candidates.stream().map(c -> c.path("ID").asText()).toList();
    String label = ContentHash.label(content, before);
    FilePlan.Create create = create(desired, live, ContentHash.suffixOf(label), Optional.of(label));
    Optional<JsonNode> unknown =
        candidates.stream()
            .filter(c -> !c.path("Spec").path("Labels").has(CONTENT_LABEL))
            .findFirst();
    if (unknown.isEmpty()) {
      return create;
    }
    ObjectNode body = desired.deepCopy();
    body.put("Name", unknown.get().path("Spec").path("Name").asText());
    ((ObjectNode) body.get("Labels")).put(CONTENT_LABEL, label);
    return new FilePlan.Probe(unknown.get(), body, create);
  }

  /** Objects that may stand for the desired one: of its name, or that and a suffix. */
  private static List<JsonNode> candidates(ObjectNode desired, List<JsonNode> live) {
    String name = desired.path("Name").asText();
    return live.stream().filter(o -> standsFor(LiveStack.nameOf(o), name)).toList();
  }

  /** Whether an object of this name may stand for the one of a file: the same, or rotated. */
  public static boolean standsFor(String object, String name) {
    String rotated = shortened(name) + "-";
    return object.equals(name)
        || (object.startsWith(rotated)
            && SUFFIX.matcher(object.substring(rotated.length())).matches());
  }

  /** The name that an object was rotated from; "" if it was not. */
  public static String rotationOf(JsonNode live) {
    return live.path("Spec").path("Labels").path(ROTATES_LABEL).asText();
  }

  private static FilePlan present(ObjectNode desired, JsonNode live) {
    JsonNode liveLabels = live.path("Spec").path("Labels");
    ObjectNode labels = JsonNodeFactory.instance.objectNode();
    liveLabels
        .properties()
        .forEach(
            e -> {
              if (e.getKey().startsWith(OURS)) {
                labels.set(e.getKey(), e.getValue());
              }
            });
    labels.setAll((ObjectNode) desired.get("Labels"));
    if (labels.equals(liveLabels)) {
      return new FilePlan.Keep(live);
    }
    ObjectNode body = live.path("Spec").deepCopy();
    body.set("Labels", labels);
    return new FilePlan.Relabel(live, body);
  }

  private static FilePlan.Create create(
      ObjectNode desired, List<JsonNode> live, String suffix, Optional<String> label) {
    String name = desired.path("Name").asText();
    boolean taken = live.stream().anyMatch(o -> o.path("Spec").path("Name").asText().equals(name));
    ObjectNode body = desired.deepCopy();
    body.put("Name", taken ? shortened(name) + "-" + suffix : name);
    ObjectNode labels = (ObjectNode) body.get("Labels");
    label.ifPresent(l -> labels.put(CONTENT_LABEL, l));
    if (taken) {
      labels.put(ROTATES_LABEL, name);
    }
    return new FilePlan.Create(body, taken);
  }

  private static boolean sameContent(ObjectNode desired, JsonNode live) {
    return desired.path("Data").asText().equals(live.path("Data").asText())
        && desired
            .path("Templating")
            .path("Name")
            .asText()
            .equals(live.path("Templating").path("Name").asText());
  }

  private static String shortened(String name) {
    return name.substring(0, Math.min(name.length(), LONGEST_NAME - 9));
  }

  private static byte[] content(ObjectNode desired) {
    return Base64.getDecoder().decode(desired.path("Data").asText());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
