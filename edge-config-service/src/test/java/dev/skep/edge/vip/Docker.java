package dev.skep.edge.vip;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The Engine's own client: what a container says goes through it unchanged. */
final class Docker {
  /** How a command ended. */
  record Result(int exitCode, String output) {}

  private Docker() {}

  /** Runs it; an error ends the test. */
  static String docker(String... arguments) {
    Result result = run(arguments);
    if (result.exitCode() != 0) {
      throw new AssertionError("docker " + String.join(" ", arguments) + ": " + result.output());
    }
    return result.output().strip();
  }

  /** Runs it. */
  static Result run(String... arguments) {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
