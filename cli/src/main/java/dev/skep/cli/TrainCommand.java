package dev.skep.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
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
  private static final Path LOCAL = Path.of("/var/run/docker.sock");

  /** Where nobody answers. */
  private static final int NOBODY = 9;

  @Option(names = "--engine", paramLabel = "URI", description = "to be asked; the local one if any")
  private URI engine;

  @Parameters(paramLabel = "FILE", description = "a compose file with the common keys")
  private Path file;

  @Override
  public Integer call() throws InterruptedException {
    int converted = Main.execute("stack", "convert", "-c", file.toString(), "train", "--json");
    // A plan only reads. Without an Engine, it still loads what asks for one.
    var _ =
        Main.execute(
            "stack",
            "plan",
            "--host",
            asked().toString(),
            "--resolve-image",
            "never",
            "-c",
            file.toString(),
            "train");
    try (ApiClient api = new ApiClient(NOBODY, "")) {
      var _ = api.get("/");
    } catch (IOException e) {
      // As expected: its classes are loaded.
    }
    return converted;
  }

  private URI asked() {
    if (engine != null) {
      return engine;
    }
    return Files.isReadable(LOCAL)
        ? URI.create("unix://" + LOCAL)
        : URI.create("tcp://127.0.0.1:" + NOBODY);
  }
}
