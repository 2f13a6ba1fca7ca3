package dev.skep.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs commands one after the other, each to its end or for as long as it may take. */
final class TimedProcess {
  private static final int LINES_OF_ERROR = 10;

  private final Path log;
  private final Duration limit;

  /**
   * Commands of one kind.
   *
   * @param log gets what a command writes, which nobody has to read while it runs
   */
  TimedProcess(Path log, Duration limit) {
    this.log = log;
    this.limit = limit;
  }

  /**
   * Runs one.
   *
   * @return milliseconds from before its start to its end
   * @throws IOException with the end of what it wrote, if it fails or takes too long
   */
  double run(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    long begun = System.nanoTime();
    long ended;
    Process process = builder.start();
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(
            "%s did not end within %d s: %s"
                .formatted(String.join(" ", command), limit.toSeconds(), written()));
      }
      // To look for its descendants takes some milliseconds.
      ended = System.nanoTime();
    } finally {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
    if (process.exitValue() != 0) {
      throw new IOException(
          "%s ended with %d: %s"
              .formatted(String.join(" ", command), process.exitValue(), written()));
    }
    return (ended - begun) / 1e6;
  }

  private String written() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join(
        "\n", lines.subList(Math.max(0, lines.size() - LINES_OF_ERROR), lines.size()));
  }
}
