package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.plan.LiveStack;
import dev.skep.deployer.plan.UnusedFiles;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Removes rotated secrets and configs that nothing needs any more. */
final class FilePruner {
  private final EngineClient engine;

  FilePruner(EngineClient engine) {
    this.engine = engine;
  }

  ApplyResult removeUnused(StackObjects objects, LiveStack live, Set<String> kept) {
    Steps steps = new Steps(step -> {});
    List<JsonNode> secrets =
        UnusedFiles.of("secret", objects.secrets(), live.secrets(), live.services(), kept);
    List<JsonNode> configs =
        UnusedFiles.of("config", objects.configs(), live.configs(), live.services(), kept);
    if (secrets.isEmpty() && configs.isEmpty()) {
      return steps.result();
    }
    // Services of other stacks may use them too; asked for only where there is something to remove.
    List<JsonNode> everywhere = new ArrayList<>();
    engine.services(false).forEach(everywhere::add);
    remove("secret", secrets, everywhere, engine::removeSecret, steps);
    remove("config", configs, everywhere, engine::removeConfig, steps);
    return steps.result();
  }

  private static void remove(
      String kind,
      List<JsonNode> unused,
      List<JsonNode> services,
      Consumer<String> remove,
      Steps steps) {
    Set<String> used = UnusedFiles.namedBy(kind, services);
    for (JsonNode object : unused) {
      String name = LiveStack.nameOf(object);
      if (used.contains(name)) {
        continue;
      }
      try {
        remove.accept(object.path("ID").asText());
        steps.add(kind, name, ApplyResult.REMOVED, "nothing needs it any more");
      } catch (EngineException e) {
        if (e.isUnreachable()) {
          throw e;
        }
        if (!e.isNotFound()) {
          steps.warn(
              "%s %s is not needed any more and could not be removed: %s"
                  .formatted(kind, name, e.reason()));
        }
      }
    }
  }
}
