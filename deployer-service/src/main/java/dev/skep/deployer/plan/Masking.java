package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes what is secret out of values that people are to see, by names: of variables, labels and
 * options, and of what stands before a value within a text. A secret that nothing names as one
 * cannot be told from other texts.
 */
public final class Masking {
  /** What stands in place of a secret. */
  public static final String MASK = "***";

  private static final Pattern SECRET =
      Pattern.compile(
          "(?<!com|by)pass(?!ive|through|age|enger)|pwd|token|secret|key|credential|private"
              + "|basicauth|authorization|(?<![a-z])auth(?![a-z])",
          Pattern.CASE_INSENSITIVE);

  /** A name before its value, as in a shell, in JSON, in YAML and in a header. */
  private static final Pattern NAMED =
      Pattern.compile("(?<![\\w.-])([\\w.-]++)(?:[\"']?\\s*+=(?!=)|[\"']\\s*+:|\\s*+:(?=\\s))");

  private static final Pattern SCHEME =
      Pattern.compile("\\b(?:bearer|basic)\\s", Pattern.CASE_INSENSITIVE);

  /** A password in a URL, or a token that stands in a user's place. */
  private static final Pattern USER_INFO =
      Pattern.compile("(://[^/\\s:@]*:)\\S*@|(://)[^/\\s:@]+@");

  private Masking() {}

  /** Whether a variable, label or option of this name has a secret value. */
  public static boolean isSecret(String name) {
    return name.equals(FilePlanner.CONTENT_LABEL) || SECRET.matcher(name).find();
  }

  /**
   * A text without the secrets in it: what follows a secret's name is left out to the text's end,
   * because a secret may hold every sign that could end it.
   */
  public static String text(String text) {
    String masked = USER_INFO.matcher(text).replaceAll("$1$2" + MASK + "@");
    Matcher named = NAMED.matcher(masked);
    while (named.find()) {
      if (isSecret(named.group(1))) {
        return masked.substring(0, named.end()) + MASK;
      }
    }
    Matcher scheme = SCHEME.matcher(masked);
    return scheme.find() ? masked.substring(0, scheme.end()) + MASK : masked;
  }

  /** A spec without the secrets in it. The argument is not changed. */
  public static JsonNode spec(JsonNode spec) {
    return tree(spec, false);
  }

  /**
   * A tree without the secrets in it. The argument is not changed.
   *
   * @param named whether the fields of this object have names of people's own, which may say that
   *     their values are secret; the Engine's own fields do not
   */
  static JsonNode tree(JsonNode value, boolean named) {
    if (value instanceof ObjectNode object) {
      ObjectNode result = JsonNodeFactory.instance.objectNode();
      object
          .properties()
          .forEach(
              e ->
                  result.set(
                      e.getKey(),
                      named && isSecret(e.getKey())
                          ? TextNode.valueOf(MASK)
                          : tree(e.getValue(), SpecForm.isTextMap(e.getKey()))));
      return result;
    }
    if (value instanceof ArrayNode array) {
      return list(array);
    }
    return value.isTextual() ? TextNode.valueOf(text(value.asText())) : value;
  }

  /** What follows {@code --password} is one. */
  private static ArrayNode list(ArrayNode array) {
    ArrayNode result = JsonNodeFactory.instance.arrayNode();
    boolean secret = false;
    for (JsonNode item : array) {
      result.add(secret ? TextNode.valueOf(MASK) : tree(item, false));
      String text = item.asText();
      secret = text.startsWith("-") && !text.contains("=") && isSecret(text);
    }
    return result;
  }
}
