package dev.skep.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a cluster has of a stack, as a text that is the same for two stacks that were deployed from
 * one file: no ids, times, versions, and addresses that the Engine chose, and no name of the stack.
 * Docker's own client is asked, so that no code of ours decides what there is.
 */
public final class StackSnapshot {
  /** The labels that only we write. */
  private static final String OURS = "dev.skep.";

  private static final JsonMapper PRETTY =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  /** Docker's client. */
  @FunctionalInterface
  public interface Docker {
    /** Runs {@code docker ARGS}, which must succeed; answers what it printed. */
    String run(String... args) throws Exception;
  }

  private final Docker docker;
  private final String stack;
  private final String subnet;
  private final Map<String, String> names = new HashMap<>();
  private final Map<String, JsonNode> all = new TreeMap<>();

  private StackSnapshot(Docker docker, String stack, String subnet) {
    this.docker = docker;
    this.stack = stack;
    this.subnet = subnet;
  }

  /**
   * Takes one.
   *
   * @param subnet the one that the file gives to a network of this stack; "" for none
   */
  public static String of(Docker docker, String stack, String subnet) throws Exception {
    return new StackSnapshot(docker, stack, subnet).text();
  }

  private String text() throws Exception {
    for (JsonNode network : inspected("network")) {
      String name = network.path("Name").asText();
      names.put(network.path("Id").asText(), name);
      all.put("network " + name, network(network));
    }
    for (String kind : List.of("secret", "config", "service")) {
      for (JsonNode object : inspected(kind)) {
        String name = object.at("/Spec/Name").asText();
        names.put(object.path("ID").asText(), name);
        ObjectNode spec = object.path("Spec").deepCopy();
        withoutOurs(spec.path("Labels"));
        all.put(kind + " " + name, spec);
      }
    }
    String text = PRETTY.writeValueAsString(PRETTY.convertValue(all, Object.class));
    for (Map.Entry<String, String> name : names.entrySet()) {
      text = text.replace(name.getKey(), "id of " + name.getValue());
    }
    text = text.replace(stack, "STACK");
    return subnet.isEmpty() ? text : text.replace(subnet, "SUBNET");
  }

  private JsonNode inspected(String kind) throws Exception {
    String filter = "label=com.docker.stack.namespace=" + stack;
    List<String> ids = docker.run(kind, "ls", "-q", "--filter", filter).lines().toList();
    if (ids.isEmpty()) {
      return JsonNodeFactory.instance.arrayNode();
    }
    List<String> inspect = new ArrayList<>(List.of(kind, "inspect"));
    inspect.addAll(ids);
    return parsed(docker.run(inspect.toArray(String[]::new)));
  }

  private static JsonNode parsed(String json) throws JsonProcessingException {
    return PRETTY.readTree(json);
  }

  private JsonNode network(JsonNode network) {
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    for (String field :
        List.of("Scope", "Driver", "EnableIPv6", "Internal", "Attachable", "Ingress", "Labels")) {
      kept.set(field, network.path(field));
    }
    withoutOurs(kept.path("Labels"));
    // The VXLAN's number is the Engine's choice.
    ObjectNode options = network.path("Options").deepCopy();
    options.remove("com.docker.network.driver.overlay.vxlanid_list");
    kept.set("Options", options);
    kept.put("IpamDriver", network.at("/IPAM/Driver").asText());
    // Where the file has none, the Engine chooses.
    String given = network.at("/IPAM/Config/0/Subnet").asText();
    kept.put("Subnet", given.equals(subnet) ? given : "");
    return kept;
  }

  private static void withoutOurs(JsonNode labels) {
    if (labels instanceof ObjectNode object) {
      List<String> ours =
          object.properties().stream()
              .map(Map.Entry::getKey)
              .filter(label -> label.startsWith(OURS))
              .toList();
      object.remove(ours);
    }
  }
}
