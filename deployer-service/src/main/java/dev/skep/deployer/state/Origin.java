package dev.skep.deployer.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.plan.Masking;
import dev.skep.model.stack.Revision.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a body came about.
 *
 * @param source where its files came from
 * @param rollbackOf the revision that it repeats; 0 if it is none
 * @param leaving services, without the namespace, that are removed though nothing else is pruned:
 *     they came after the revision that is gone back to
 */
public record Origin(Source source, long rollbackOf, Set<String> leaving) {
  /** Nobody said. */
  public static final Origin UNKNOWN = new Origin(Source.UNKNOWN, 0, Set.of());

  private static final int MOST_FILES = 50;
  private static final int LONGEST_TEXT = 300;

  public Origin {
    leaving = Set.copyOf(leaving);
  }

  /** Of files that somebody deploys. */
  public static Origin of(Source source) {
    return new Origin(source, 0, Set.of());
  }

  /** {@code {"source":{"files":[],"repository":"","commit":""},"rollbackOf":0,"leaving":[]}}. */
  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ObjectNode from = json.putObject("source");
    source.files().forEach(from.putArray("files")::add);
    from.put("repository", source.repository()).put("commit", source.commit());
    json.put("rollbackOf", rollbackOf);
    new TreeSet<>(leaving).forEach(json.putArray("leaving")::add);
    return json;
  }

  /** Reads what {@link #toJson} wrote; what is missing is unknown. Texts are cut and masked. */
  static Origin fromJson(JsonNode json) {
    if (json == null || !json.isObject()) {
      return UNKNOWN;
    }
    JsonNode from = json.path("source");
    List<String> files = new ArrayList<>();
    from.path("files").forEach(f -> files.add(text(f)));
    Set<String> leaving = new TreeSet<>();
    json.path("leaving").forEach(s -> leaving.add(s.asText()));
    return new Origin(
        new Source(
            files.subList(0, Math.min(MOST_FILES, files.size())),
            text(from.path("repository")),
            text(from.path("commit"))),
        json.path("rollbackOf").asLong(),
        leaving);
  }

  private static String text(JsonNode value) {
    String text = value.asText();
    return Masking.text(text.substring(0, Math.min(LONGEST_TEXT, text.length())));
  }
}
