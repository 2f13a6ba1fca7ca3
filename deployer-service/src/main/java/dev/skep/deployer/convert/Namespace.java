package dev.skep.deployer.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Scalar;
import java.util.regex.Pattern;

/** A stack's name and what it does to the names and labels of its objects. */
public record Namespace(String stack) {
  /** Marks every object of a stack. */
  public static final String LABEL = "com.docker.stack.namespace";

  /** The image as the compose file names it. */
  public static final String IMAGE_LABEL = "com.docker.stack.image";

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}");

  public Namespace {
    if (stack == null || !NAME.matcher(stack).matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a stack name: letters, digits, '_', '.' and '-', a letter or digit first, at most 63"
              .formatted(stack));
    }
  }

  /** The stack that an object's body is labelled with; "" for none. */
  public static String of(JsonNode body) {
    return body.path("Labels").path(LABEL).asText();
  }

  /** The name of a part in the cluster. */
  public String scope(String name) {
    return stack + "_" + name;
  }

  /** A top-level object's own name, or the scoped one. */
  String nameOf(String key, Fields object) {
    return object.text("name").isEmpty() ? scope(key) : object.text("name");
  }

  /** Labels of the file with the namespace's. */
  ObjectNode labels(Fields labels) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    labels.fields().forEach((k, f) -> result.put(k, ((Scalar) f.value()).text()));
    return result.put(LABEL, stack);
  }
}
