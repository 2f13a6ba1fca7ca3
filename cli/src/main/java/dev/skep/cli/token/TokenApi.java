package dev.skep.cli.token;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.ApiClient;
import dev.skep.cli.CliException;
import dev.skep.cli.EngineOptions;
import dev.skep.cli.StateOptions;
import dev.skep.cli.cluster.Inside;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/** The suite whose tokens they are: the one of this machine, or the one on the cluster. */
final class TokenApi {
  static final String PATH = "/api/tokens";

  @Mixin private StateOptions state;
  @Mixin private EngineOptions engine;

  /** A call, and what is told of its answer. */
  interface Call {
    ApiClient.Answer send(ApiClient api) throws Exception;
  }

  /** What is told of an answer that is well. */
  interface Telling {
    void tell(JsonNode body) throws Exception;
  }

  /**
   * Calls it from here, or runs the same command inside the cluster.
   *
   * @param again that command
   * @return the exit code
   */
  int run(List<String> again, Call call, Telling telling) throws Exception {
    Optional<ApiClient> suite = ApiClient.connect(state.state());
    if (suite.isEmpty()) {
      return Inside.run(engine, again).orElseThrow(() -> new CliException(Inside.NOT_RUNNING, 3));
    }
    try (ApiClient api = suite.get()) {
      ApiClient.Answer answer = call.send(api);
      if (!answer.ok()) {
        throw new CliException(answer.problem());
      }
      telling.tell(answer.body());
      return 0;
    }
  }
}
