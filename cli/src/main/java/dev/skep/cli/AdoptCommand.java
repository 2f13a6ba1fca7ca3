package dev.skep.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.cli.cluster.Inside;
import dev.skep.model.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tells edges that a store they do not know, or an older one, is the right one. */
@Command(
    name = "adopt",
    mixinStandardHelpOptions = true,
    description = {
      "Let edges take a store that they refuse.",
      "An edge remembers which store it serves from, and refuses an empty or older one, so that a",
      "lost broker never wipes it. Adopt after you have seen that the new store is complete."
    })
public final class AdoptCommand implements Callable<Integer> {
  @Mixin StateOptions state;
  @Mixin EngineOptions engine;

  @Option(
      names = "--edge",
      paramLabel = "NAME",
      defaultValue = "*",
      description = "only this edge (default: all)")
  private String edge;

  @Override
  public Integer call() throws Exception {
    Optional<ApiClient> suite = ApiClient.connect(state.state());
    if (suite.isEmpty()) {
      return Inside.run(engine, List.of("adopt", "--edge", edge))
          .orElseThrow(() -> new CliException(Inside.NOT_RUNNING, 3));
    }
    try (ApiClient api = suite.get()) {
      ObjectNode body = Json.mapper().createObjectNode().put("edge", edge);
      ApiClient.Answer answer = api.post("/api/edges/adopt", body, Map.of());
      if (!answer.ok()) {
        throw new CliException("not adopted: " + answer.problem());
      }
    }
    System.out.println("asked " + (edge.equals("*") ? "every edge" : edge) + " to adopt the store");
    return 0;
  }
}
