package dev.skep.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.Names;
import dev.skep.engine.EngineClient;
import java.util.List;

/** Whose the stack of the demo's name is: its services say so by a label of the demo's file. */
enum DemoStack {
  ABSENT,
  OURS,
  /** Somebody else's, in whole or in part: not to be touched. */
  FOREIGN;

  static DemoStack find(EngineClient engine) {
    List<JsonNode> labels =
        engine
            .services(false)
            .valueStream()
            .map(s -> s.path("Spec").path("Labels"))
            .filter(l -> l.path("com.docker.stack.namespace").asText().equals(Names.DEMO_STACK))
            .toList();
    if (labels.isEmpty()) {
      return ABSENT;
    }
    return labels.stream().allMatch(l -> l.path(Names.PART).asText().equals("demo"))
        ? OURS
        : FOREIGN;
  }
}
