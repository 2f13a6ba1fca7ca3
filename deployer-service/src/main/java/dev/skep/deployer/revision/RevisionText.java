package dev.skep.deployer.revision;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.plan.ContentHash;
import dev.skep.deployer.plan.Masking;
import dev.skep.deployer.plan.StackDiff;
import dev.skep.deployer.plan.StackPlan;
import dev.skep.deployer.state.StackBody;
import dev.skep.model.Json;
import dev.skep.model.stack.Revision;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Revisions as JSON that people may see: the same of the deployer and of the command line. */
public final class RevisionText {
  private static final StackObjects NOTHING =
      new StackObjects(List.of(), List.of(), List.of(), List.of());

  private RevisionText() {}

  /** A stack's revisions, newest first. */
  public static ArrayNode list(List<Revision> revisions) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    revisions.forEach(r -> list.add(json(r, revisions)));
    return list;
  }

  /** One of them: its record, and whether it is the current one and the last good one. */
  public static ObjectNode json(Revision revision, List<Revision> all) {
    ObjectNode json = Json.mapper().valueToTree(revision);
    Optional<Revision> good = Revisions.lastGood(all);
    json.put("current", revision.number() == Revisions.newest(all));
    json.put("lastGood", good.isPresent() && good.get().number() == revision.number());
    return json;
  }

  /** What differs between two revisions; a null body is a stack that is gone. */
  public static StackPlan diff(Revision from, StackBody had, Revision to, StackBody gets) {
    return StackDiff.between(to.stack(), objects(from, had), objects(to, gets));
  }

  private static StackObjects objects(Revision revision, StackBody body) {
    return body == null
        ? NOTHING
        : UsedFiles.resolve(RanImages.pin(body.objects(), revision.images()), revision.files());
  }

  /** The objects without what is secret; of a config, a hash of its content. */
  public static ObjectNode masked(StackObjects objects) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("networks", masked(objects.networks(), false));
    json.set("secrets", masked(objects.secrets(), false));
    json.set("configs", masked(objects.configs(), true));
    json.set("services", masked(objects.services(), false));
    return json;
  }

  /** Of a secret, even a hash would help who guesses. */
  private static ArrayNode masked(List<ObjectNode> objects, boolean hashed) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (ObjectNode object : objects) {
      ObjectNode plain = object.deepCopy();
      String content = plain.path("Data").asText();
      plain.remove("Data");
      ObjectNode shown = (ObjectNode) Masking.spec(plain);
      if (hashed) {
        shown.put("DataHash", ContentHash.suffix(Base64.getDecoder().decode(content)));
      }
      list.add(shown);
    }
    return list;
  }
}
