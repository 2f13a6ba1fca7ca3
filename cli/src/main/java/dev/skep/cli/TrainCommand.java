package dev.skep.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Does what commands usually do and changes nothing, so that a Java runtime that records it starts
 * the others faster. What fails fails for the commands as well, and was recorded until then.
 */
@Command(name = "train", hidden = true, description = "Load what commands usually need.")
final class TrainCommand implements Callable<Integer> {
  /** Where nobody answers. */
  private static final int NOBODY = 9;

  @Option(
      names = "--engine",
      paramLabel = "URI",
      description = "one that changes nothing; else one of its own")
  private URI engine;

  @Parameters(paramLabel = "FILE", description = "a compose file with the common keys")
  private Path file;

  @Override
  public Integer call() throws IOException {
    int converted = Main.execute("stack", "convert", "-c", file.toString(), "train", "--json");
    if (engine == null) {
      try (TrainingEngine own = TrainingEngine.listen()) {
        deploy(own.uri());
      }
    } else {
      deploy(engine);
    }
    try (ApiClient api = new ApiClient(NOBODY, "")) {
      var _ = api.get("/");
    } catch (IOException | InterruptedException e) {
      // Nobody answers, as expected: its classes are loaded.
    }
    return converted;
  }

  /**
   * An Engine that only says that all is done shows no tasks: waiting for them ends at once, or
   * soon.
   */
  private void deploy(URI at) {
    String host = at.toString();
    String compose = file.toString();
    var _ = Main.execute("stack", "plan", "--host", host, "-c", compose, "train");
    var _ =
        Main.execute("stack", "deploy", "--direct", "--host", host, "-d", "-c", compose, "train");
    var _ =
        Main.execute(
            "stack",
            "deploy",
            "--direct",
            "--host",
            host,
            "--timeout",
            "1",
            "-c",
            compose,
            "train");
  }
}
