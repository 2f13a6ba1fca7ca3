package dev.skep.edge.agent;

import dev.skep.model.Codecs;
import dev.skep.model.command.Command;
import dev.skep.model.edge.StorePosition;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.CommandLoop;
import dev.skep.runtime.kafka.CommandRejectedException;
import dev.skep.runtime.kafka.Write;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commands for edges. Each edge's agent folds every one:
 *
 * <ul>
 *   <li>{@code store.adopt} takes the store that is found, if it is the one that is meant;
 *   <li>{@code edge.forget} deletes what another edge has said, which is gone for good. An edge
 *       that is told to forget itself is not gone: it says again what it has said.
 * </ul>
 */
final class EdgeCommands implements CommandLoop.Folder {
  private static final Logger log = LoggerFactory.getLogger(EdgeCommands.class);

  private final String self;
  private final Supplier<StorePosition> found;
  private final Consumer<StorePosition> adopt;
  private final Consumer<Instant> sayAgain;

  /**
   * For one edge.
   *
   * @param found how far the store that is found was read
   * @param adopt told that this store is to be taken
   * @param sayAgain told until when others may delete what this edge has said
   */
  EdgeCommands(
      String self,
      Supplier<StorePosition> found,
      Consumer<StorePosition> adopt,
      Consumer<Instant> sayAgain) {
    this.self = self;
    this.found = found;
    this.adopt = adopt;
    this.sayAgain = sayAgain;
  }

  @Override
  public List<Write<?>> fold(Command command) throws CommandRejectedException {
    String edge = command.body() == null ? "" : command.body().path("edge").asText();
    return switch (command.kind()) {
      case "store.adopt" -> adopt(command, edge);
      case "edge.forget" -> forget(command, edge);
      default ->
          throw new CommandRejectedException(
              "edges know no command '" + command.kind() + "', only store.adopt and edge.forget");
    };
  }

  private List<Write<?>> adopt(Command command, String edge) throws CommandRejectedException {
    if (!edge.equals("*") && !edge.equals(self)) {
      return List.of();
    }
    StorePosition store = found.get();
    for (Map.Entry<String, StorePosition.Position> e : store.topics().entrySet()) {
      String named = command.body().path("topics").path(e.getKey()).asText();
      if (!named.equals(e.getValue().topicId())) {
        throw new CommandRejectedException(
            "edge %s finds topic %s with the id %s, the command names '%s': look again what store is meant"
                .formatted(self, e.getKey(), e.getValue().topicId(), named));
      }
    }
    adopt.accept(store);
    log.atWarn().addKeyValue("command", command.id()).log("Store adopted as told");
    return List.of();
  }

  private List<Write<?>> forget(Command command, String edge) throws CommandRejectedException {
    if (edge.isEmpty()) {
      throw new CommandRejectedException("the command names no edge to forget");
    }
    if (edge.equals(self)) {
      log.atWarn()
          .addKeyValue("command", command.id())
          .log("This edge was to be forgotten, and runs; it says so");
      sayAgain.accept(command.notAfter());
      return List.of();
    }
    return List.of(Write.delete(Topics.EDGE_STATUS, Codecs.EDGE_STATUS, edge));
  }
}
