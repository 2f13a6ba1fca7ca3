package dev.skep.cli.up;

import dev.skep.cli.CliException;
import dev.skep.cli.StateDir;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The background process that runs the suite. */
public final class Daemon {
  private static final int LOG_TAIL_LINES = 15;

  /** A log larger than this is put aside at a start; the one before it goes. */
  private static final long LOG_LIMIT_BYTES = 16L << 20;

  private static final Duration KILL_PATIENCE = Duration.ofSeconds(10);
  private static final long POLL_MILLIS = 50;

  private final StateDir state;

  public Daemon(StateDir state) {
    this.state = state;
  }

  /**
   * Starts the process in a session of its own, so that neither Ctrl-C nor the terminal's end
   * reaches it. Its log is appended to.
   */
  public Process start() throws IOException {
    if (Files.exists(state.log()) && Files.size(state.log()) > LOG_LIMIT_BYTES) {
      Files.move(state.log(), state.olderLog(), StandardCopyOption.REPLACE_EXISTING);
    }
    List<String> command = new ArrayList<>();
    command.add("setsid");
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx512m",
            "-Xss512k",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.skep.cli.Main",
            "run",
            "--state-dir",
            state.root().toString()));
    return new ProcessBuilder(command)
        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
        .redirectOutput(ProcessBuilder.Redirect.appendTo(state.log().toFile()))
        .redirectErrorStream(true)
        .start();
  }

  /** Ends the process that runs on the state directory: asks first, then insists. */
  public boolean stop(Duration patience) throws InterruptedException {
    StateDir.Running running = state.current().orElse(null);
    if (running == null) {
      state.stopped();
      return false;
    }
    ProcessHandle process = running.process().orElseThrow();
    process.destroy();
    if (!ends(running, patience)) {
      process.destroyForcibly();
      if (!ends(running, KILL_PATIENCE)) {
        throw new CliException("process " + running.pid() + " does not end, even when killed");
      }
    }
    state.stopped();
    return true;
  }

  /** Whether the process ends in time. It is not our child: only asking tells. */
  private static boolean ends(StateDir.Running running, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (running.process().isPresent()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return true;
  }

  /** An error that shows the end of the log. */
  public CliException failed(String what) {
    List<String> tail = List.of();
    try {
      List<String> lines = Files.readAllLines(state.log());
      tail = lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size());
    } catch (IOException e) {
      tail = List.of("(no log: " + e.getMessage() + ")");
    }
    return new CliException(
        what + "; the end of " + state.log() + ":\n    " + String.join("\n    ", tail));
  }
}
