package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.convert.Namespace;
import dev.skep.deployer.plan.FilePlan;
import dev.skep.deployer.plan.FilePlanner;
import dev.skep.deployer.plan.LiveStack;
import dev.skep.deployer.plan.Names.Target;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes a stack's secrets and configs. Where another deployment of the stack makes the same object
 * meanwhile, it is decided anew by what is there then.
 */
final class FileApplier {
  private static final int ATTEMPTS = 5;

  private final EngineClient engine;
  private final Steps steps;

  FileApplier(EngineClient engine, Steps steps) {
    this.engine = engine;
    this.steps = steps;
  }

  /** Makes one secret and remembers what stands for it. */
  void secret(ObjectNode desired, List<JsonNode> live, Map<String, Target> targets) {
    make("secret", desired, live, targets);
  }

  /** Makes one config and remembers what stands for it. */
  void config(ObjectNode desired, List<JsonNode> live, Map<String, Target> targets) {
    make("config", desired, live, targets);
  }

  private void make(
      String kind, ObjectNode desired, List<JsonNode> live, Map<String, Target> targets) {
    String name = desired.path("Name").asText();
    try {
      Target target =
          Conflicts.retry(
              ATTEMPTS,
              e -> e.isOutOfSequence() || (e.isConflict() && isThere(kind, desired, live)),
              live,
              () -> read(kind, desired),
              now -> carryOut(kind, name, plan(kind, desired, now)));
      targets.put(name, target);
    } catch (EngineException e) {
      steps.failed(kind, name, e);
    }
  }

  private static FilePlan plan(String kind, ObjectNode desired, List<JsonNode> live) {
    return kind.equals("secret")
        ? FilePlanner.secret(desired, live)
        : FilePlanner.config(desired, live);
  }

  /** Whether the stack has an object by now that it did not have: not one of somebody else's. */
  private boolean isThere(String kind, ObjectNode desired, List<JsonNode> before) {
    return names(read(kind, desired)).stream().anyMatch(n -> !names(before).contains(n));
  }

  private static Set<String> names(List<JsonNode> objects) {
    return objects.stream().map(LiveStack::nameOf).collect(Collectors.toSet());
  }

  private List<JsonNode> read(String kind, ObjectNode desired) {
    return new StackReader(engine).files(kind, Namespace.of(desired));
  }

  private Target carryOut(String kind, String name, FilePlan plan) {
    return switch (plan) {
      case FilePlan.Keep(JsonNode live) -> {
        steps.add(kind, name, ApplyResult.UNCHANGED, "");
        yield target(live);
      }
      case FilePlan.Relabel(JsonNode live, ObjectNode body) -> {
        update(kind, live, body);
        steps.add(kind, name, ApplyResult.UPDATED, "labels");
        yield target(live);
      }
      case FilePlan.Create create -> create(kind, name, create);
      case FilePlan.Probe(JsonNode live, ObjectNode body, FilePlan.Create otherwise) -> {
        try {
          update(kind, live, body);
        } catch (EngineException e) {
          if (!isOtherContent(e)) {
            throw e;
          }
          yield create(kind, name, otherwise);
        }
        steps.add(kind, name, ApplyResult.UNCHANGED, "adopted");
        yield target(live);
      }
    };
  }

  private static boolean isOtherContent(EngineException e) {
    return e.reason().contains("only updates to Labels are allowed");
  }

  private Target create(String kind, String name, FilePlan.Create create) {
    String actual = create.body().path("Name").asText();
    JsonNode answer =
        kind.equals("secret")
            ? engine.createSecret(create.body())
            : engine.createConfig(create.body());
    steps.add(kind, name, ApplyResult.CREATED, create.rotated() ? "as " + actual : "");
    return new Target(actual, answer.path("ID").asText());
  }

  private void update(String kind, JsonNode live, ObjectNode body) {
    String id = live.path("ID").asText();
    long version = live.path("Version").path("Index").asLong();
    if (kind.equals("secret")) {
      engine.updateSecret(id, version, body);
    } else {
      engine.updateConfig(id, version, body);
    }
  }

  private static Target target(JsonNode live) {
    return new Target(live.path("Spec").path("Name").asText(), live.path("ID").asText());
  }
}
