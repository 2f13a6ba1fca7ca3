package dev.skep.edge.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Checks with a program on this machine, or in this container. */
public final class BinaryConfigChecker implements ConfigChecker {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Path program;
  private final Duration limit;

  /** A checker with this program. */
  public BinaryConfigChecker(Path program) {
    this(program, LIMIT);
  }

  BinaryConfigChecker(Path program, Duration limit) {
    this.program = program;
    this.limit = limit;
  }

  @Override
  public Optional<String> check(String file) throws UnavailableException {
    try {
      Process process =
          new ProcessBuilder(program.toString(), "-c", "-f", file)
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      // Reading ends with the process: who ends a process that hangs must not wait for the reading.
      Thread.ofVirtual().name("haproxy-check-limit").start(() -> endAfter(process, limit));
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return switch (process.waitFor()) {
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

  private static void endAfter(Process process, Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
