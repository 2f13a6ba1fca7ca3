package dev.skep.inventory.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.cluster.Network;
import dev.skep.model.cluster.Node;
import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** Decodes objects one by one, so that one that cannot be read never harms the others. */
public final class Decoding {
  private final Consumer<Skipped> onSkipped;

  /**
   * @param onSkipped told of each object that is left out
   */
  public Decoding(Consumer<Skipped> onSkipped) {
    this.onSkipped = onSkipped;
  }

  public Map<String, Node> nodes(Iterable<JsonNode> array) {
    return all("node", array, EngineMapping::node, Node::id);
  }

  public Map<String, Service> services(Iterable<JsonNode> array) {
    return all("service", array, EngineMapping::service, Service::id);
  }

  public Map<String, Task> tasks(Iterable<JsonNode> array) {
    return all("task", array, EngineMapping::task, Task::id);
  }

  public Map<String, Network> networks(Iterable<JsonNode> array) {
    return all("network", array, EngineMapping::network, Network::id);
  }

  /** One task; nothing is passed on if it cannot be read. For lists that are streamed. */
  public void task(JsonNode json, Consumer<Task> to) {
    tasks(List.of(json)).values().forEach(to);
  }

  private <T> Map<String, T> all(
      String kind,
      Iterable<JsonNode> array,
      Function<JsonNode, T> mapping,
      Function<T, String> id) {
    Map<String, T> decoded = new LinkedHashMap<>();
    for (JsonNode json : array) {
      try {
        T value = mapping.apply(json);
        decoded.put(id.apply(value), value);
      } catch (RuntimeException e) {
        String which = json.path("ID").asText(json.path("Id").asText(""));
        onSkipped.accept(new Skipped(kind, which, String.valueOf(e.getMessage())));
      }
    }
    return decoded;
  }
}
