package dev.skep.deployer.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.compose.ComposeCases;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.StreamSupport;

/** Brings what is sent for a stack to one text, so that two clients can be compared. */
final class Comparison {
  private static final JsonMapper PRETTY =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  private Comparison() {}

  /** What the client sent to the Engine. */
  static String sent(RecordingEngine engine) throws IOException {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    for (String kind : List.of("networks", "secrets", "configs", "services")) {
      ArrayNode sorted = all.putArray(kind);
      StreamSupport.stream(engine.sent(kind).spliterator(), false)
          .sorted(Comparator.comparing(o -> o.path("Name").asText()))
          .forEach(sorted::add);
      sorted.forEach(Comparison::sortEqualPorts);
    }
    return canonical(all);
  }

  /** The CLI leaves the order of ports with the same published port to chance. */
  private static void sortEqualPorts(JsonNode service) {
    if (service.path("EndpointSpec").path("Ports") instanceof ArrayNode ports) {
      List<JsonNode> sorted = new ArrayList<>();
      ports.forEach(sorted::add);
      sorted.sort(
          Comparator.<JsonNode>comparingInt(p -> p.path("PublishedPort").asInt())
              .thenComparingInt(p -> p.path("TargetPort").asInt())
              .thenComparing(p -> p.path("Protocol").asText()));
      ports.removeAll().addAll(sorted);
    }
  }

  /** Ids of the recording Engine become names; what Go writes for nothing is nothing. */
  static String canonical(JsonNode tree) throws IOException {
    String text =
        tree.toString()
            .replace("\"id-", "\"")
            // Paths in the bodies start where the files happen to lie.
            .replace(ComposeCases.directory().getParent().toString(), "");
    return PRETTY.writeValueAsString(PRETTY.treeToValue(PRETTY.readTree(text), Object.class));
  }
}
