package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What differs between two specs, field by field, with values that people may see: secrets are
 * masked, and networks, secrets and configs go by their names. Empty only if the specs ask for the
 * same.
 */
public final class FieldDiff {
  /** What tells a list's items apart, by the list's field. Items of other lists have no name. */
  private static final Map<String, Function<JsonNode, String>> NAMES =
      Map.of(
          "Env", item -> item.asText().replaceFirst("(?s)=.*", ""),
          "Networks", item -> item.path("Target").asText(),
          "Secrets", item -> item.path("File").path("Name").asText(),
          "Configs", item -> item.path("File").path("Name").asText(),
          "Mounts", item -> item.path("Target").asText(),
          "Ports", FieldDiff::port);

  private final List<FieldChange> changes = new ArrayList<>();

  private FieldDiff() {}

  /**
   * The fields of a service that differ, sorted by path.
   *
   * @param networks id to name, of those that are known
   */
  public static List<FieldChange> service(
      JsonNode live, JsonNode wanted, Map<String, String> networks) {
    ObjectNode from = SpecForm.of(live);
    ObjectNode to = SpecForm.of(wanted);
    FieldDiff named = new FieldDiff();
    named.compare("", "", named(from, networks), named(to, networks), false);
    if (named.changes.isEmpty()) {
      // Two networks may have one name: then only ids tell them apart.
      named.compare("", "", from, to, false);
    }
    return List.copyOf(named.changes);
  }

  /** The labels of a secret or config that differ. */
  static List<FieldChange> labels(JsonNode live, JsonNode wanted) {
    FieldDiff diff = new FieldDiff();
    diff.compare("/Labels", "Labels", live.path("Labels"), wanted.path("Labels"), false);
    return List.copyOf(diff.changes);
  }

  private static ObjectNode named(ObjectNode form, Map<String, String> networks) {
    ObjectNode result = form.deepCopy();
    for (JsonNode network : result.path("TaskTemplate").path("Networks")) {
      String id = network.path("Target").asText();
      ((ObjectNode) network).put("Target", networks.getOrDefault(id, id));
    }
    return result;
  }

  /**
   * Compares one field.
   *
   * @param secret whether its name says that its value is secret
   */
  private void compare(String path, String key, JsonNode from, JsonNode to, boolean secret) {
    if (from.equals(to)) {
      return;
    }
    if (isOpen(from) && isOpen(to)) {
      TreeSet<String> keys = new TreeSet<>();
      from.fieldNames().forEachRemaining(keys::add);
      to.fieldNames().forEachRemaining(keys::add);
      boolean texts = SpecForm.isTextMap(key);
      for (String inner : keys) {
        boolean hidden = texts && Masking.isSecret(inner);
        compare(path + "/" + escaped(inner), inner, from.path(inner), to.path(inner), hidden);
      }
    } else if (!items(path, key, from, to)) {
      add(path, key, from, to, secret);
    }
  }

  /** Whether what is in it can be told field by field: an empty object is a value by itself. */
  private static boolean isOpen(JsonNode value) {
    return value.isMissingNode() || (value.isObject() && !value.isEmpty());
  }

  /** False if the items have no names, or the lists differ in nothing but their order. */
  private boolean items(String path, String key, JsonNode from, JsonNode to) {
    Map<String, JsonNode> had = byName(key, from);
    Map<String, JsonNode> gets = byName(key, to);
    Set<String> names = new TreeSet<>(had.keySet());
    names.addAll(gets.keySet());
    if (names.isEmpty() || names.contains("")) {
      return false;
    }
    int before = changes.size();
    for (String name : names) {
      JsonNode a = had.getOrDefault(name, MissingNode.getInstance());
      JsonNode b = gets.getOrDefault(name, MissingNode.getInstance());
      String inner = path + "/" + escaped(name);
      if (a.isObject() && b.isObject()) {
        boolean renamed = !file(a).equals(file(b));
        compare(inner, "", renamed ? withoutId(a) : a, renamed ? withoutId(b) : b, false);
      } else if (!a.equals(b)) {
        add(inner, "", withoutId(a), withoutId(b), key.equals("Env") && Masking.isSecret(name));
      }
    }
    return changes.size() > before;
  }

  /** Empty if it has no items with names; with the name "" if names are missing or not unique. */
  private static Map<String, JsonNode> byName(String key, JsonNode list) {
    Map<String, JsonNode> result = new LinkedHashMap<>();
    if (list instanceof ArrayNode && NAMES.containsKey(key)) {
      for (JsonNode item : list) {
        JsonNode value = item.isTextual() ? variable(item.asText()) : item;
        if (result.put(NAMES.get(key).apply(item), value) != null) {
          return Map.of("", item);
        }
      }
    }
    return result;
  }

  private static TextNode variable(String entry) {
    int equals = entry.indexOf('=');
    return TextNode.valueOf(equals < 0 ? "(unset)" : entry.substring(equals + 1));
  }

  private static String port(JsonNode port) {
    String number = port.path("PublishedPort").asText(port.path("TargetPort").asText());
    return number + "/" + port.path("Protocol").asText("tcp");
  }

  private static String file(JsonNode reference) {
    return reference.path("SecretName").asText() + reference.path("ConfigName").asText();
  }

  /** The id says nothing that the name does not. */
  private static JsonNode withoutId(JsonNode item) {
    return item instanceof ObjectNode object
        ? object.deepCopy().without(List.of("SecretID", "ConfigID"))
        : item;
  }

  private void add(String path, String key, JsonNode from, JsonNode to, boolean secret) {
    JsonNode had = masked(key, from, secret);
    JsonNode gets = masked(key, to, secret);
    boolean masked = !plain(from, had) || !plain(to, gets);
    changes.add(new FieldChange(path, had, gets, masked));
  }

  private static boolean plain(JsonNode value, JsonNode shown) {
    return value.isMissingNode() || value.equals(shown);
  }

  private static JsonNode masked(String key, JsonNode value, boolean secret) {
    if (value.isMissingNode()) {
      return null;
    }
    return secret ? TextNode.valueOf(Masking.MASK) : Masking.tree(value, SpecForm.isTextMap(key));
  }

  private static String escaped(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }
}
