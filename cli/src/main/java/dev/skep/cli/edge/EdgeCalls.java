package dev.skep.cli.edge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.cli.ApiClient;
import dev.skep.cli.CliException;
import dev.skep.cli.EngineOptions;
import dev.skep.cli.StateOptions;
import dev.skep.cli.cluster.Inside;
import dev.skep.model.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells edges something, by edge-config's API: here, or inside the cluster. */
public final class EdgeCalls {
  private EdgeCalls() {}

  /**
   * Tells it.
   *
   * @param edge the edge's name, or {@code *} where the path takes it
   * @param again the same command, to be run inside the cluster if the suite is not here
   * @return the exit code of the command that ran inside; empty if it was told from here
   */
  public static Optional<Integer> tell(
      StateOptions state, EngineOptions engine, String path, String edge, List<String> again)
      throws Exception {
    Optional<ApiClient> suite = ApiClient.connect(state.state());
    if (suite.isEmpty()) {
      return Optional.of(
          Inside.run(engine, again).orElseThrow(() -> new CliException(Inside.NOT_RUNNING, 3)));
    }
    try (ApiClient api = suite.get()) {
      ObjectNode body = Json.mapper().createObjectNode().put("edge", edge);
      ApiClient.Answer answer = api.post(path, body, Map.of());
      if (!answer.ok()) {
        throw new CliException("not accepted: " + answer.problem());
      }
      return Optional.empty();
    }
  }
}
