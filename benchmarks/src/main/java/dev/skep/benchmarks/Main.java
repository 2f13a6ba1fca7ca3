package dev.skep.benchmarks;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs one benchmark by its name. */
@Command(
    name = "benchmarks/run",
    mixinStandardHelpOptions = true,
    description = "Measure the product. Each benchmark prints its method, a table, its figures.",
    subcommands = {
      Deploy.class,
      Footprint.class,
      PushLatency.class,
      RouteLatency.class,
      StackFootprint.class
    })
public final class Main implements Callable<Integer> {
  /** Ends the process with the benchmark's exit code. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public Integer call() {
    CommandLine.usage(this, System.err);
    return 2;
  }
}
