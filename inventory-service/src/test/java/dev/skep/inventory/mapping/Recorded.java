package dev.skep.inventory.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.model.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** What an Engine 20.10 said of a service of two replicas, of which one found no place. */
public final class Recorded {
  private Recorded() {}

  public static JsonNode array(String name) {
    String resource = "/engine/" + name + ".json";
    try (InputStream in = Recorded.class.getResourceAsStream(resource)) {
      return Json.mapper().readTree(Objects.requireNonNull(in, resource));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static ObjectNode snapshot() {
    ObjectNode snapshot = Json.mapper().createObjectNode();
    for (String name : new String[] {"nodes", "services", "tasks", "networks"}) {
      snapshot.set(name, array(name));
    }
    return snapshot;
  }
}
