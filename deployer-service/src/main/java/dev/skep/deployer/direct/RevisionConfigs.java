package dev.skep.deployer.direct;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.plan.ContentHash;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.engine.Filters;
import dev.skep.engine.Query;
import dev.skep.model.Json;
import dev.skep.model.stack.Revision;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Revisions as Swarm configs: the body is the content, which never changes; what is known of it are
 * labels, which can. They bear no label of the stack's namespace, so that nothing that prunes or
 * removes the stack touches them.
 */
public final class RevisionConfigs {
  /** The stack that a config holds a revision of. */
  public static final String STACK_LABEL = "dev.skep.revision.stack";

  private static final String NUMBER_LABEL = "dev.skep.revision.number";
  private static final String AT_LABEL = "dev.skep.revision.at";
  private static final String OUTCOME_LABEL = "dev.skep.revision.outcome";

  /** All that is known of it, as JSON. */
  private static final String RECORD_LABEL = "dev.skep.revision";

  /** Swarm takes 1,000 kB; a manager holds all of them in memory. */
  static final int LARGEST = 500_000;

  /** The Engine's limit is 64; the number takes seven, the beginning nine. */
  private static final int LONGEST_STACK = 48;

  private final EngineClient engine;

  public RevisionConfigs(EngineClient engine) {
    this.engine = engine;
  }

  /** The config's name of a revision: {@code skep-rev-web-000012}. */
  static String name(String stack, long number) {
    String shown =
        stack.length() <= LONGEST_STACK
            ? stack
            : stack.substring(0, LONGEST_STACK - 9)
                + "-"
                + ContentHash.suffix(stack.getBytes(StandardCharsets.UTF_8));
    return "skep-rev-%s-%06d".formatted(shown, number);
  }

  /** One stack's, newest first. */
  public List<KeptRevision> of(String stack) {
    return list(STACK_LABEL + "=" + stack);
  }

  /** Of all stacks, newest first within each. */
  public List<KeptRevision> all() {
    return list(STACK_LABEL);
  }

  private List<KeptRevision> list(String label) {
    List<KeptRevision> kept = new ArrayList<>();
    for (JsonNode config : engine.get("/configs", Query.of(Filters.of("label", label)))) {
      JsonNode spec = config.path("Spec");
      Revision revision = read(spec.path("Labels").path(RECORD_LABEL).asText());
      if (revision != null) {
        kept.add(
            new KeptRevision(config.path("ID").asText(), revision, spec.path("Data").asText()));
      }
    }
    kept.sort(
        Comparator.<KeptRevision, String>comparing(k -> k.revision().stack())
            .thenComparing(k -> k.revision().number(), Comparator.reverseOrder()));
    return kept;
  }

  /** Null for what is not understood: another's, or a later version's. */
  private static Revision read(String json) {
    try {
      Revision revision = Json.mapper().readValue(json, Revision.class);
      return revision == null || revision.stack() == null || revision.phase() == null
          ? null
          : revision;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /**
   * Keeps a revision.
   *
   * @throws IllegalArgumentException if it is too large to be kept
   * @throws EngineException if the Engine does not take it; a conflict if the number is taken
   */
  KeptRevision keep(Revision revision, byte[] packed) {
    if (packed.length > LARGEST) {
      throw new IllegalArgumentException(
          "it has %d bytes compressed, and at most %d are kept; large configs may be external"
              .formatted(packed.length, LARGEST));
    }
    ObjectNode spec = JsonNodeFactory.instance.objectNode();
    spec.put("Name", name(revision.stack(), revision.number()));
    spec.set("Labels", labels(revision));
    String data = Base64.getEncoder().encodeToString(packed);
    spec.put("Data", data);
    String id = engine.createConfig(spec).path("ID").asText();
    return new KeptRevision(id, revision, data);
  }

  /** Whether a revision of this number is kept. */
  boolean exists(String stack, long number) {
    try {
      engine.get("/configs/" + name(stack, number), Query.none());
      return true;
    } catch (EngineException e) {
      if (e.isNotFound()) {
        return false;
      }
      throw e;
    }
  }

  /** Changes what is known of a revision. */
  KeptRevision change(KeptRevision kept, Revision now) {
    JsonNode config = engine.get("/configs/" + kept.id(), Query.none());
    ObjectNode spec = config.path("Spec").deepCopy();
    spec.set("Labels", labels(now));
    engine.updateConfig(kept.id(), config.path("Version").path("Index").asLong(), spec);
    return new KeptRevision(kept.id(), now, kept.data());
  }

  /** Drops a revision. */
  public void remove(KeptRevision kept) {
    engine.removeConfig(kept.id());
  }

  private static ObjectNode labels(Revision revision) {
    ObjectNode labels = JsonNodeFactory.instance.objectNode();
    labels.put(STACK_LABEL, revision.stack());
    labels.put(NUMBER_LABEL, Long.toString(revision.number()));
    labels.put(AT_LABEL, revision.at().toString());
    labels.put(OUTCOME_LABEL, revision.phase().name().toLowerCase(Locale.ROOT));
    try {
      return labels.put(RECORD_LABEL, Json.mapper().writeValueAsString(revision));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
