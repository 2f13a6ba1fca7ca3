package dev.skep.cli.edge;

import dev.skep.cli.EngineOptions;
import dev.skep.cli.StateOptions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Deletes what an edge has said that is gone for good. */
@Command(
    name = "forget",
    mixinStandardHelpOptions = true,
    description = {
      "Forget an edge that is gone for good, so that status and alerts wait for it no more.",
      "The other edges' agents do so. An edge that still runs is there again within seconds."
    })
public final class ForgetCommand implements Callable<Integer> {
  @Mixin StateOptions state;
  @Mixin EngineOptions engine;

  @Parameters(paramLabel = "NAME", description = "the edge, as status names it")
  private String edge;

  @Override
  public Integer call() throws Exception {
    Optional<Integer> inside =
        EdgeCalls.tell(state, engine, "/api/edges/forget", edge, List.of("edge", "forget", edge));
    if (inside.isPresent()) {
      return inside.get();
    }
    System.out.println("asked the other edges to forget " + edge);
    return 0;
  }
}
