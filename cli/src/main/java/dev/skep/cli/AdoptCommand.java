package dev.skep.cli;

import dev.skep.cli.edge.EdgeCalls;
import java.util.List;
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
    Optional<Integer> inside =
        EdgeCalls.tell(state, engine, "/api/edges/adopt", edge, List.of("adopt", "--edge", edge));
    if (inside.isPresent()) {
      return inside.get();
    }
    System.out.println("asked " + (edge.equals("*") ? "every edge" : edge) + " to adopt the store");
    return 0;
  }
}
