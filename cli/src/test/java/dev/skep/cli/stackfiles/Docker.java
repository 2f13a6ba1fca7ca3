package dev.skep.cli.stackfiles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs commands that must succeed. */
final class Docker {
  private Docker() {}

  /** {@code docker ARGUMENTS}; what it said. */
  static String docker(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(arguments);
    return ok(command);
  }

  /** As {@link #docker(List)}. */
  static String docker(String... arguments) {
    return docker(List.of(arguments));
  }

  /** Any command; what it said on both streams. */
  static String ok(List<String> command) {
    try {
      Path out = Files.createTempFile("skep-stackfiles", ".out");
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start();
      boolean ended = process.waitFor(2, TimeUnit.MINUTES);
      String said = Files.readString(out, StandardCharsets.UTF_8).strip();
      Files.delete(out);
      if (!ended) {
        process.destroyForcibly();
        throw new AssertionError(String.join(" ", command) + " did not end:\n" + said);
      }
      if (process.exitValue() != 0) {
        throw new AssertionError(
            "%s ended with %d:%n%s"
                .formatted(String.join(" ", command), process.exitValue(), said));
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
