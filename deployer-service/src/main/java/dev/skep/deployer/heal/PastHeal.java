package dev.skep.deployer.heal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.model.stack.Deployment.Phase;
import dev.skep.model.stack.Revision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A restoration that was made, as its revision remembers it: a process that starts anew goes on
 * with the same pauses.
 *
 * @param at when it ended; while it runs, when it was asked for
 * @param attempt 1, and one more for each time that the same came again
 * @param failed whether it did not succeed
 * @param keys what differed then, as {@link dev.skep.deployer.plan.Drift#keys} names it
 */
public record PastHeal(Instant at, int attempt, boolean failed, Set<String> keys) {
  /** As whom stacks are restored. */
  public static final String BY = "heal";

  /** How the ids of their commands begin. */
  public static final String COMMAND = "heal-";

  /** Whoever deploys straight to the Engine is known by the name that they gave there. */
  public static final String DIRECT = "direct:";

  /** The config of the revision that was taken over from the cluster. */
  public static final String TAKEN_OVER = "takenOver";

  private static final String ATTEMPT = "healAttempt";
  private static final String KEYS = "healed";

  public PastHeal {
    keys = Set.copyOf(keys);
  }

  /** The one that a revision stands for; empty if people, or others, asked for the revision. */
  public static Optional<PastHeal> of(Revision revision) {
    if (!Heals.is(revision)) {
      return Optional.empty();
    }
    String told = revision.options().getOrDefault(KEYS, "");
    return Optional.of(
        new PastHeal(
            revision.finishedAt() == null ? revision.at() : revision.finishedAt(),
            number(revision.options().get(ATTEMPT)),
            revision.phase() == Phase.FAILED,
            told.isEmpty() ? Set.of() : new TreeSet<>(List.of(told.split(", ")))));
  }

  /** What a command says that is meant for one revision of a stack, the desired one. */
  public static ObjectNode about(String stack, long revision) {
    return JsonNodeFactory.instance.objectNode().put("stack", stack).put("revision", revision);
  }

  /** What the command that restores says: {@link #note} puts it into the revision. */
  public static ObjectNode about(String stack, long revision, int attempt, Set<String> keys) {
    return about(stack, revision)
        .put(ATTEMPT, attempt)
        .put(KEYS, String.join(", ", new TreeSet<>(keys)));
  }

  /** The revision, with what its command says of it. */
  public static Revision note(Revision revision, JsonNode about) {
    Revision noted = revision;
    for (String option : List.of(ATTEMPT, KEYS, TAKEN_OVER)) {
      if (about != null && about.has(option)) {
        noted = noted.with(option, about.path(option).asText());
      }
    }
    return noted;
  }

  private static int number(String text) {
    try {
      return text == null ? 1 : Math.max(1, Integer.parseInt(text));
    } catch (NumberFormatException e) {
      return 1;
    }
  }
}
