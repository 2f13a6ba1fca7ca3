package dev.skep.edge.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Checks with a program on this machine, or in this container. */
public final class BinaryConfigChecker implements ConfigChecker {
  private static final int SECONDS = 30;

  private final Path program;

  /** A checker with this program. */
  public BinaryConfigChecker(Path program) {
    this.program = program;
  }

  @Override
  public Optional<String> check(String file) throws UnavailableException {
    try {
      Process process =
          new ProcessBuilder(program.toString(), "-c", "-f", file)
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new UnavailableException(program + " did not finish its check", null);
      }
      return switch (process.exitValue()) {
        case 0 -> Optional.empty();
        case 1 -> Optional.of(output.strip());
        // Killed, or no HAProxy: that says nothing of the configuration.
        default ->
            throw new UnavailableException(
                program + " ended its check with " + process.exitValue(), null);
      };
    } catch (IOException e) {
      throw new UnavailableException(program + " cannot be run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted", e);
    }
  }
}
