package dev.skep.deployer.revision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.model.Json;
import dev.skep.model.stack.Deployment.Phase;
import dev.skep.model.stack.Revision;
import dev.skep.model.stack.Revision.FileUse;
import dev.skep.model.stack.Revision.Source;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Revisions of stack {@code s} for tests. */
public final class SomeRevisions {
  private SomeRevisions() {}

  /**
   * A list, newest first.
   *
   * @param outcomes from revision 1 on: good, bad, gone (a removal), runs, or {@code back N}
   */
  public static List<Revision> of(String... outcomes) {
    List<Revision> revisions = new ArrayList<>();
    for (String outcome : outcomes) {
      long number = revisions.size() + 1L;
      long back = outcome.startsWith("back ") ? Long.parseLong(outcome.substring(5)) : 0;
      Phase phase =
          switch (outcome) {
            case "bad" -> Phase.FAILED;
            case "runs" -> Phase.RUNNING;
            default -> Phase.SUCCEEDED;
          };
      revisions.addFirst(
          revision(number, phase, outcome.equals("gone"), back, List.of(), List.of()));
    }
    return revisions;
  }

  static Revision revision(
      long number,
      Phase phase,
      boolean removal,
      long back,
      List<String> services,
      List<FileUse> files) {
    return new Revision(
        "s",
        number,
        "c" + number,
        "api",
        Instant.ofEpochSecond(number),
        Source.of(List.of("s.yml")),
        removal,
        back,
        Map.of(),
        services,
        phase,
        phase == Phase.FAILED ? "it failed" : "",
        null,
        null,
        List.of(),
        files);
  }

  /** JSON with single quotes. */
  public static ObjectNode json(String text) {
    try {
      return (ObjectNode) Json.mapper().readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
