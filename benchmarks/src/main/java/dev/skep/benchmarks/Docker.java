package dev.skep.benchmarks;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The {@code docker} command. */
final class Docker {
  private Docker() {}

  /**
   * Runs it.
   *
   * @return its standard output and error
   * @throws IOException with that output, if it fails
   */
  static String run(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = exitCode(process);
    if (code != 0) {
      throw new IOException(
          "docker " + String.join(" ", arguments) + " ended with " + code + ": " + output.strip());
    }
    return output.strip();
  }

  private static int exitCode(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while docker ran");
    }
  }

  static String run(String... arguments) throws IOException {
    return run(List.of(arguments));
  }

  /** What an object's template says. */
  static String inspect(String name, String template) throws IOException {
    return run("inspect", "--format", template, name);
  }

  /** Removes containers, whether or not they are there. */
  static void remove(List<String> containers) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("rm", "--force", "--volumes"));
    arguments.addAll(containers);
    try {
      run(arguments);
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("No such container")) {
        throw e;
      }
    }
  }
}
