package dev.skep.deployer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.apply.ApplyOptions;
import dev.skep.deployer.state.StackBody;
import dev.skep.model.Json;
import dev.skep.runtime.http.ProblemException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What somebody asks to be deployed. Unlike what is stored, it may not hold what is not known: a
 * misspelt option would be left out without a word.
 */
final class StackRequest {
  /** The origin is made here; it is taken where it was read and is sent back. */
  private static final Set<String> KEYS =
      new TreeSet<>(Set.of("stack", "objects", "options", "source", "origin"));

  private static final Set<String> OBJECTS =
      new TreeSet<>(Set.of("networks", "secrets", "configs", "services", "dependencies"));

  private StackRequest() {}

  /**
   * Reads a body.
   *
   * @param name the stack that the path names
   * @throws ProblemException with all that is wrong with keys and options, else with the first that
   *     is wrong with an object
   */
  static StackBody read(String name, byte[] content) {
    try {
      JsonNode json = Json.mapper().readTree(content);
      if (!(json instanceof ObjectNode object)) {
        throw new ProblemException(400, "Invalid stack", "the body must be a JSON object");
      }
      List<String> problems = problems(object);
      if (!problems.isEmpty()) {
        throw new ProblemException(400, "Invalid stack", String.join("; ", problems));
      }
      String said = object.path("stack").asText(name);
      if (!said.equals(name)) {
        throw new ProblemException(
            400, "Invalid stack", "the path names stack '%s', the body '%s'".formatted(name, said));
      }
      // Who asks says where it came from, and not what only a rollback decides.
      object.putObject("origin").set("source", object.path("source"));
      return StackBody.fromJson(object.put("stack", name));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(400, "Invalid stack", e.getMessage());
    } catch (IOException e) {
      // The parser's message may quote a piece of the body, which may be secret.
      throw new ProblemException(400, "Invalid stack", "the body is not valid JSON");
    }
  }

  private static List<String> problems(ObjectNode body) {
    List<String> problems = new ArrayList<>();
    problems.addAll(unknown("", names(body), KEYS));
    problems.addAll(unknown("objects' ", names(body.path("objects")), OBJECTS));
    JsonNode options = body.path("options");
    if (options.isObject()) {
      problems.addAll(optionProblems(options));
    } else if (!options.isMissingNode() && !options.isNull()) {
      problems.add("'options' must be an object");
    }
    return problems;
  }

  private static List<String> unknown(String of, Set<String> names, Set<String> known) {
    return names.stream()
        .filter(n -> !known.contains(n))
        .map(n -> "%s'%s' is not known; known are %s".formatted(of, n, String.join(", ", known)))
        .toList();
  }

  /** Each option has the type of its default. */
  private static List<String> optionProblems(JsonNode options) {
    ObjectNode known = ApplyOptions.defaults().toJson();
    List<String> problems = new ArrayList<>();
    for (String name : names(options)) {
      JsonNode usual = known.path(name);
      JsonNode value = options.path(name);
      if (usual.isMissingNode()) {
        String names = String.join(", ", names(known));
        problems.add("option '%s' is not known; known are %s".formatted(name, names));
      } else if (!value.isNull()
          && (value.getNodeType() != usual.getNodeType() || value.isFloatingPointNumber())) {
        problems.add("option '%s' must be %s".formatted(name, type(usual)));
      }
    }
    options
        .path("registryAuth")
        .properties()
        .forEach(
            e -> {
              if (!e.getValue().isTextual()) {
                problems.add("the registryAuth of '%s' must be a text".formatted(e.getKey()));
              }
            });
    return problems;
  }

  private static String type(JsonNode value) {
    return switch (value.getNodeType()) {
      case BOOLEAN -> "true or false";
      case NUMBER -> "a whole number";
      case OBJECT -> "an object";
      default -> "a text";
    };
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
