package dev.skep.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.ApiClient;
import dev.skep.cli.CliException;
import dev.skep.cli.EngineOptions;
import dev.skep.cli.StateOptions;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/** The suite's API: of the one on this machine, or of the one on the cluster. */
public final class SuiteApi {
  @Mixin private StateOptions state;
  @Mixin private EngineOptions engine;

  /** A call, and what is told of its answer. */
  public interface Call {
    ApiClient.Answer send(ApiClient api) throws Exception;
  }

  /** What is told of an answer that is well. */
  public interface Telling {
    void tell(JsonNode body) throws Exception;
  }

  /**
   * Calls it from here, or runs the same command inside the cluster.
   *
   * @param again that command
   * @return the exit code
   */
  public int run(List<String> again, Call call, Telling telling) throws Exception {
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
