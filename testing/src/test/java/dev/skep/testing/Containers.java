package dev.skep.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Containers of a test, by the Docker client; they and their volumes are gone when it closes. */
final class Containers implements AutoCloseable {
  private static final List<String> HARDENED =
      List.of("--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges");

  private final List<String> started = new ArrayList<>();

  /** Starts one as the stack does: read-only root, no capability. */
  String start(List<String> options, String image) {
    String id =
        docker(
            Stream.of(List.of("run", "--detach"), HARDENED, options, List.of(image))
                .flatMap(List::stream)
                .toArray(String[]::new));
    started.add(id);
    return id;
  }

  /** Runs a shell's lines in an image under the same limits, and prints what they print. */
  static String inImage(String image, String script) {
    return docker(
        Stream.of(
                List.of("run", "--rm", "--network", "none"),
                HARDENED,
                List.of("--entrypoint", "sh", image, "-c", script))
            .flatMap(List::stream)
            .toArray(String[]::new));
  }

  static boolean runs(String id) {
    return docker("inspect", "--format", "{{.State.Running}}", id).equals("true");
  }

  static String logs(String id) {
    return run("logs", id).output();
  }

  /** What it printed; anything but success fails the test. */
  static String docker(String... arguments) {
    Result result = run(arguments);
    assertThat(result.status()).as(result.output()).isZero();
    return result.output();
  }

  static Result run(String... arguments) {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      byte[] output = process.getInputStream().readAllBytes();
      return new Result(process.waitFor(), new String(output, StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    started.forEach(id -> run("rm", "--force", "--volumes", id));
  }

  /** The exit status and both streams. */
  record Result(int status, String output) {}
}
