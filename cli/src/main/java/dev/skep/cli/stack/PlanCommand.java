package dev.skep.cli.stack;

import dev.skep.cli.EngineOptions;
import dev.skep.deployer.apply.Applier;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.plan.StackPlan;
import dev.skep.engine.EngineClient;
import dev.skep.model.Json;
import java.io.Console;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells what a deployment would do. Only reads, so it needs no deployer. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = {
      "Tell what a deployment of these files would do, and change nothing.",
      "Ends with 0 if there is nothing to do, with 2 if there are changes, with 1 on an error."
    })
final class PlanCommand implements Callable<Integer> {
  private static final int CHANGES = 2;

  @Mixin private StackCommand.FileOptions files;
  @Mixin private ApplyFlags flags;
  @Mixin private EngineOptions engine;

  @Option(names = "--json", description = "as one JSON document")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    String name = files.name();
    StackObjects objects = StackFiles.convert(name, files.files(), err::println);
    StackPlan plan;
    try (EngineClient client = engine.connect()) {
      plan = new Applier(client).plan(name, objects, flags.options(objects, err::println));
    }
    if (json) {
      out.println(Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(plan.toJson()));
    } else {
      plan.warnings().forEach(w -> err.println("warning: " + w));
      new PlanText(isColoured()).lines(plan).forEach(out::println);
    }
    return plan.changes() ? CHANGES : 0;
  }

  /** JDK 25 has no console again where there is no terminal, which the check does not know. */
  @SuppressWarnings("SystemConsoleNull")
  static boolean isColoured() {
    Console console = System.console();
    String no = System.getenv("NO_COLOR");
    return console != null && console.isTerminal() && (no == null || no.isEmpty());
  }
}
