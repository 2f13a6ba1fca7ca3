package dev.skep.cli.stack;

import dev.skep.cli.CliException;
import dev.skep.cli.EngineOptions;
import dev.skep.cli.up.Preflight;
import dev.skep.engine.EngineClient;
import dev.skep.engine.LogOptions;
import java.io.Console;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what the containers of a stack write. */
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    description = "Show the logs of a stack's services, merged as they come.")
final class LogsCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "NAME",
      converter = StackName.class,
      description = "the stack's name")
  private String name;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "SERVICE",
      description = "only these services, with or without the stack's name in front")
  private List<String> services = List.of();

  @Option(
      names = {"-f", "--follow"},
      description = "go on until interrupted")
  private boolean follow;

  @Option(
      names = {"-n", "--tail"},
      paramLabel = "N",
      defaultValue = "all",
      description = "begin with so many lines of each task (default: ${DEFAULT-VALUE})")
  private String tail;

  @Option(
      names = "--since",
      paramLabel = "DURATION|TIME",
      converter = Since.class,
      description = "only what was written since then: 10m, 1h30m, 2026-03-01T18:00:00Z")
  private Instant since;

  @Option(
      names = {"-t", "--timestamps"},
      description = "with the time of each line")
  private boolean timestamps;

  @Mixin private EngineOptions engine;

  @Override
  public Integer call() throws Exception {
    LogOptions options = new LogOptions(follow, tail(tail), since, timestamps);
    try (EngineClient client = engine.connect()) {
      Preflight.manager(client);
      StackServices selected = PsCommand.services(client, name).select(services);
      LogWriters writers = new LogWriters(client, selected.namesById());
      List<String> coloured = terminal() ? List.copyOf(selected.byName().keySet()) : List.of();
      LogOutput output = new LogOutput(System.out, System.err, coloured, writers.width());
      try (StackLogs logs = new StackLogs(client, options, writers, output)) {
        return logs.run(selected) ? 0 : 1;
      }
    }
  }

  /**
   * How many lines are asked for.
   *
   * @throws CliException if that is no number
   */
  static int tail(String value) {
    if (value.equals("all")) {
      return LogOptions.ALL;
    }
    if (!value.matches("\\d{1,9}")) {
      throw new CliException("--tail takes a number of lines or all, not '" + value + "'", 2);
    }
    return Integer.parseInt(value);
  }

  // The default console, of java.base, is null without a terminal; others are not.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean terminal() {
    Console console = System.console();
    String refused = System.getenv("NO_COLOR");
    return console != null && console.isTerminal() && (refused == null || refused.isEmpty());
  }
}
