package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.plan.FilePlan;
import dev.skep.deployer.plan.FilePlanner;
import dev.skep.deployer.plan.Names.Target;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import java.util.List;
import java.util.Map;

/** Makes a stack's secrets and configs. */
final class FileApplier {
  private final EngineClient engine;
  private final Steps steps;

  FileApplier(EngineClient engine, Steps steps) {
    this.engine = engine;
    this.steps = steps;
  }

  /** Makes one secret and remembers what stands for it. */
  void secret(ObjectNode desired, List<JsonNode> live, Map<String, Target> targets) {
    make("secret", desired, FilePlanner.secret(desired, live), targets);
  }

  /** Makes one config and remembers what stands for it. */
  void config(ObjectNode desired, List<JsonNode> live, Map<String, Target> targets) {
    make("config", desired, FilePlanner.config(desired, live), targets);
  }

  private void make(String kind, ObjectNode desired, FilePlan plan, Map<String, Target> targets) {
    String name = desired.path("Name").asText();
    try {
      targets.put(name, carryOut(kind, name, plan));
    } catch (EngineException e) {
      steps.failed(kind, name, e);
    }
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
