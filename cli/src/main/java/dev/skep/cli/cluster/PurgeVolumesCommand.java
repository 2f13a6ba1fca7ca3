package dev.skep.cli.cluster;

import dev.skep.cli.CliException;
import dev.skep.cli.EngineOptions;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.engine.Query;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Removes the stack's volumes of one node; {@code uninstall --purge} runs it on each. */
@Command(
    name = "purge-volumes",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Remove the stack's volumes on this Engine's node.")
public final class PurgeVolumesCommand implements Callable<Integer> {
  /** The containers that held them were told to go a moment ago. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration TICK = Duration.ofMillis(250);

  @Mixin EngineOptions engineOptions;

  @Override
  public Integer call() throws InterruptedException {
    try (EngineClient engine = engineOptions.connect()) {
      for (String volume : SuiteObjects.VOLUMES) {
        if (isOurs(engine, volume)) {
          remove(engine, volume);
          System.out.println("removed volume " + volume);
        }
      }
    }
    return 0;
  }

  /** Its name alone does not tell: the stack's label must be on it. */
  private static boolean isOurs(EngineClient engine, String volume) {
    try {
      return engine
          .get("/volumes/" + volume, Query.none())
          .path("Labels")
          .path("com.docker.stack.namespace")
          .asText()
          .equals(SuiteObjects.STACK);
    } catch (EngineException e) {
      if (e.isNotFound()) {
        return false;
      }
      throw e;
    }
  }

  private static void remove(EngineClient engine, String volume) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        engine.delete("/volumes/" + volume, Query.none());
        return;
      } catch (EngineException e) {
        if (e.isNotFound()) {
          return;
        }
        if (!e.isConflict() || System.nanoTime() > deadline) {
          throw new CliException("volume " + volume + " stays: " + e.reason());
        }
      }
      Thread.sleep(TICK);
    }
  }
}
