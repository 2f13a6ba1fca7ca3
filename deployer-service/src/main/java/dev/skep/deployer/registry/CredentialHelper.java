package dev.skep.deployer.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Asks {@code docker-credential-NAME get} for the credentials of a registry. What it prints is
 * secret, on an error as well: nothing of it is passed on.
 */
final class CredentialHelper {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final String NOT_FOUND = "credentials not found in native keychain";
  private static final String TOKEN_USER = "<token>";
  private static final int LONGEST_ANSWER = 1 << 20;

  private final Map<String, String> env;
  private final Duration patience;

  /**
   * Helpers of one environment.
   *
   * @param env what they see; its PATH is where they are looked for
   * @param patience how long one may take: a person may have to unlock its store
   */
  CredentialHelper(Map<String, String> env, Duration patience) {
    this.env = Map.copyOf(env);
    this.patience = patience;
  }

  /** How a helper ended. */
  private record Answer(int code, String output) {}

  /**
   * The credentials of an address; empty if the helper has none.
   *
   * @throws IllegalArgumentException with the helper's name and what to do
   */
  Optional<Login> get(String helper, String address) {
    String program = "docker-credential-" + helper;
    Answer answer = run(program(helper, program), program, address);
    if (answer.code() != 0) {
      if (answer.output().strip().equals(NOT_FOUND)) {
        return Optional.empty();
      }
      throw new IllegalArgumentException(
          "%s ended with %d; see what `echo %s | %s get` says"
              .formatted(program, answer.code(), address, program));
    }
    JsonNode json = tree(program, answer.output());
    String user = json.path("Username").asText("");
    String secret = json.path("Secret").asText("");
    Login login =
        user.equals(TOKEN_USER)
            ? Login.ofIdentityToken(address, secret)
            : Login.ofPassword(address, user, secret);
    return Optional.of(login).filter(l -> !l.isEmpty());
  }

  private Path program(String helper, String program) {
    if (!NAME.matcher(helper).matches()) {
      throw new IllegalArgumentException(
          "'%s' is no name of a credential helper".formatted(helper));
    }
    return Stream.of(env.getOrDefault("PATH", "").split(":", -1))
        .filter(d -> d.startsWith("/"))
        .map(d -> Path.of(d, program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s is not on PATH; install it, or take it out of the file"
                        .formatted(program)));
  }

  private Answer run(Path file, String program, String address) {
    long end = System.nanoTime() + patience.toNanos();
    Process process = start(file, program);
    try {
      FutureTask<String> output =
          new FutureTask<>(
              () -> {
                try (OutputStream in = process.getOutputStream()) {
                  in.write(address.getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                  // It ended without reading; its exit code tells.
                }
                return new String(
                    process.getInputStream().readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
              });
      Thread.ofPlatform().daemon().name(program).start(output);
      // To the output's end first: a full pipe would keep the helper from ending.
      String printed = output.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (!process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw late(program);
      }
      return new Answer(process.exitValue(), printed);
    } catch (TimeoutException e) {
      throw late(program);
    } catch (ExecutionException e) {
      throw new IllegalArgumentException("the answer of " + program + " cannot be read", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.util.concurrent.CancellationException("interrupted while " + program + " ran");
    } finally {
      process.descendants().forEach(p -> p.destroyForcibly());
      process.destroyForcibly();
    }
  }

  private Process start(Path file, String program) {
    ProcessBuilder builder =
        new ProcessBuilder(file.toString(), "get").redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(env);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new IllegalArgumentException(program + " cannot be started: " + e.getMessage(), e);
    }
  }

  private IllegalArgumentException late(String program) {
    return new IllegalArgumentException(
        "%s did not answer within %d ms".formatted(program, patience.toMillis()));
  }

  private static JsonNode tree(String program, String output) {
    try {
      JsonNode json = Json.mapper().readTree(output);
      if (json != null && json.isObject()) {
        return json;
      }
    } catch (IOException e) {
      // Its message may quote what is secret.
    }
    throw new IllegalArgumentException("the answer of " + program + " is not a JSON object");
  }
}
