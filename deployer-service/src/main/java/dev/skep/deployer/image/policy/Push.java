package dev.skep.deployer.image.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A tag that was pushed, as a registry tells it.
 *
 * @param host of the registry, as who pushed named it; "" if that is not told
 * @param path the repository
 * @param digest of what was pushed; "" if that is not told
 */
public record Push(String host, String path, String tag, String digest) {
  /** Registries send one event at a time, and after an outage some more. */
  static final int MOST_EVENTS = 1_000;

  /**
   * Reads a notification of the distribution registry: {@code {"events":[{"action":"push",
   * "target":{"repository":"app","tag":"1.4","url":""},"request":{"host":"registry:5000"}}]}}. What
   * is no push of a tag is left out: layers, deletions, manifests that are pushed by digest.
   *
   * @throws IllegalArgumentException if it is none, or has too many events
   */
  public static List<Push> read(JsonNode envelope) {
    JsonNode events = envelope == null ? null : envelope.get("events");
    if (events == null || !events.isArray()) {
      throw new IllegalArgumentException("there is no list of 'events'");
    }
    if (events.size() > MOST_EVENTS) {
      throw new IllegalArgumentException(
          "%d events, at most %d are taken".formatted(events.size(), MOST_EVENTS));
    }
    List<Push> pushes = new ArrayList<>();
    for (JsonNode event : events) {
      JsonNode target = event.path("target");
      String path = target.path("repository").asText();
      String tag = target.path("tag").asText();
      if (event.path("action").asText().equals("push") && !path.isEmpty() && !tag.isEmpty()) {
        pushes.add(new Push(host(event), path, tag, target.path("digest").asText()));
      }
    }
    return pushes.stream().distinct().toList();
  }

  private static String host(JsonNode event) {
    String told = event.path("request").path("host").asText();
    if (!told.isEmpty()) {
      return told;
    }
    try {
      String authority = new URI(event.path("target").path("url").asText()).getAuthority();
      return Objects.requireNonNullElse(authority, "");
    } catch (URISyntaxException e) {
      return "";
    }
  }

  /** What is to be asked because of it: what the tag points to, and which tags there are. */
  public List<Watched> hints(HostAliases aliases) {
    String registry = aliases.inImages(host);
    String repository = ImageReference.qualified(registry, path);
    Watched one = new Watched(registry, repository, tag);
    return VersionTag.of(tag).isPresent()
        ? List.of(one, new Watched(registry, repository, ""))
        : List.of(one);
  }
}
