package dev.skep.cli.inventory;

import dev.skep.cli.EngineOptions;
import dev.skep.engine.EngineClient;
import dev.skep.inventory.Snapshot;
import dev.skep.model.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code skep inventory}: what the cluster holds. */
@Command(
    name = "inventory",
    mixinStandardHelpOptions = true,
    description = "What the cluster holds.",
    subcommands = InventoryCommand.SnapshotCommand.class)
public final class InventoryCommand {

  /** Prints the cluster as the Engine's own JSON. */
  @Command(
      name = "snapshot",
      mixinStandardHelpOptions = true,
      description =
          "Print the cluster as the Engine's own JSON: nodes, services, tasks and networks.")
  public static final class SnapshotCommand implements Callable<Integer> {
    @Mixin EngineOptions engine;

    @Override
    public Integer call() throws Exception {
      try (EngineClient client = engine.connect()) {
        System.out.println(
            Json.mapper()
                .writerWithDefaultPrettyPrinter()
                .writeValueAsString(Snapshot.take(client)));
      }
      return 0;
    }
  }
}
