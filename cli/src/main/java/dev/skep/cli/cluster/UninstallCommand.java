package dev.skep.cli.cluster;

import dev.skep.cli.CliException;
import dev.skep.cli.EngineOptions;
import dev.skep.cli.up.Preflight;
import dev.skep.engine.EngineClient;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes the stack and what init made off a Swarm. */
@Command(
    name = "uninstall",
    mixinStandardHelpOptions = true,
    description = {
      "Remove the stack and what skep init made from a Swarm, and nothing else.",
      "Volumes stay, and with them the state, unless --purge is given. .env and the recovery kit",
      "stay in any case: without the kit nothing of what stays can be opened."
    })
public final class UninstallCommand implements Callable<Integer> {
  @Mixin EngineOptions engineOptions;

  @Option(names = "--purge", description = "remove the volumes too, on every node")
  private boolean purge;

  @Option(names = "--yes", description = "do not ask")
  private boolean yes;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      defaultValue = "${env:SKEP_IMAGES:-skep}/cli:${env:SKEP_VERSION:-0.1.0}",
      description = "the command line's, which --purge runs on nodes (default: ${DEFAULT-VALUE})")
  private String image;

  private Optional<Dialog> dialog = Dialog.terminal();
  private Consumer<String> out = System.out::println;

  /** As {@code skep} runs it. */
  public UninstallCommand() {}

  /** With another person and output. */
  UninstallCommand(Optional<Dialog> dialog, Consumer<String> out) {
    this.dialog = dialog;
    this.out = out;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (EngineClient engine = engineOptions.connect()) {
      Preflight.manager(engine);
      Uninstall uninstall = new Uninstall(engine, out);
      List<String> plan = uninstall.plan();
      if (plan.isEmpty() && !purge) {
        out.accept("nothing of Skep's stack is on this cluster");
        return 0;
      }
      plan.forEach(line -> out.accept("  " + line));
      if (purge) {
        out.accept(
            "  volumes on every node, with all state: " + String.join(" ", SuiteObjects.VOLUMES));
      }
      uninstall.kept().forEach(line -> out.accept("  stays: " + line));
      confirm();
      uninstall.services();
      List<String> left = new java.util.ArrayList<>();
      if (purge) {
        left.addAll(new VolumePurge(engine, image).run());
      }
      left.addAll(uninstall.rest());
      if (!left.isEmpty()) {
        throw new CliException("not removed:\n  " + String.join("\n  ", left));
      }
      out.accept(
          purge
              ? "All is removed. .env and the recovery kit are files of yours"
              : "All is removed but the volumes, which hold the state (--purge removes them)");
    }
    return 0;
  }

  private void confirm() {
    if (yes) {
      return;
    }
    Dialog person =
        dialog.orElseThrow(
            () -> new CliException("this is no terminal to ask on: --yes removes all this", 2));
    String answer = person.ask("Remove all this? Type yes: ");
    if (answer == null || !answer.strip().equalsIgnoreCase("yes")) {
      throw new CliException("nothing was removed");
    }
  }
}
