package dev.skep.edge.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.skep.model.Json;
import dev.skep.model.edge.StorePosition;
import java.io.IOException;
import java.util.Optional;

/** What an agent remembers of itself, in {@code state.json}. */
final class StateFile {
  private static final String NAME = "state.json";

  /**
   * An agent's memory.
   *
   * @param applied how far which store was applied
   * @param reloads how many reloads were made since the edge was born
   */
  record State(StorePosition applied, long reloads) {}

  private final EdgeDirectory dir;

  StateFile(EdgeDirectory dir) {
    this.dir = dir;
  }

  /**
   * Reads it; empty at the first start.
   *
   * @throws IOException if it is there and cannot be read: that must not pass for a first start
   */
  Optional<State> read() throws IOException {
    Optional<String> text = dir.read(NAME);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      State state = Json.mapper().readValue(text.get(), State.class);
      if (state == null || state.applied() == null) {
        throw new IOException(broken("it holds no position"));
      }
      return Optional.of(state);
    } catch (JsonProcessingException e) {
      throw new IOException(broken(e.getOriginalMessage()), e);
    }
  }

  void write(State state) throws IOException {
    dir.write(NAME, Json.mapper().writeValueAsString(state) + "\n", false);
  }

  private String broken(String why) {
    return dir.root().resolve(NAME)
        + " cannot be read ("
        + why
        + "): restore it, or delete it to take the store that is found";
  }
}
