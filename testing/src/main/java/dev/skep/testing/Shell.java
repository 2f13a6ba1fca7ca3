package dev.skep.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs commands as a user would. */
public final class Shell {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private Shell() {}

  /** What a command said, both streams in one, and how it ended. */
  public record Result(int exit, String output) {}

  public static Result run(List<String> command, Map<String, String> env)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("skep-e2e", ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().putAll(env);
    Process process = builder.start();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(command + " did not end; it said:\n" + Files.readString(out));
    }
    String output = Files.readString(out, StandardCharsets.UTF_8);
    Files.delete(out);
    return new Result(process.exitValue(), output);
  }

  /** Runs a command that must succeed; answers what it said. */
  public static String ok(String... command) throws IOException, InterruptedException {
    Result result = run(List.of(command), Map.of());
    if (result.exit() != 0) {
      throw new IOException(
          String.join(" ", command) + " ended with " + result.exit() + ":\n" + result.output());
    }
    return result.output();
  }
}
