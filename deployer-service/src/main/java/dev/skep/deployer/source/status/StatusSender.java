package dev.skep.deployer.source.status;

import dev.skep.deployer.plan.Masking;
import dev.skep.deployer.source.declare.StatusTarget;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;

/** Sends statuses to hosts. Follows no redirection, so that a token goes to no other. */
public final class StatusSender implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final long LARGEST_TOKEN = 64 * 1024;
  private static final int MOST_READ = 8 * 1024;
  private static final int MOST_TOLD = 200;

  /** Made when it is first needed: it has threads. */
  private HttpClient http;

  /** It did not get there. */
  public static final class NotSentException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Optional<Duration> wait;

    NotSentException(String message, Optional<Duration> wait) {
      super(message);
      this.wait = wait;
    }

    /** For how long the host wants to hear nothing, if it says so. */
    public Optional<Duration> waitFor() {
      return wait;
    }
  }

  /**
   * Sends one.
   *
   * @return why the host does not take this one, and never will; empty if it took it
   * @throws NotSentException for the time being, with what to do; it quotes no token
   */
  public Optional<String> send(StatusTarget target, CommitStatus status, String reference)
      throws NotSentException, InterruptedException {
    String token = token(target);
    HttpResponse<InputStream> answer;
    String said;
    try {
      answer =
          http()
              .send(
                  StatusRequests.of(target, status, reference, token),
                  BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        said = new String(body.readNBytes(MOST_READ), StandardCharsets.UTF_8);
      }
    } catch (IOException | IllegalArgumentException e) {
      // A header that cannot be sent is quoted by its exception.
      String why = e instanceof IOException ? ": " + e : "; look at its token";
      throw new NotSentException(target.api() + " cannot be asked" + why, Optional.empty());
    }
    int code = answer.statusCode();
    if (code >= 200 && code < 300) {
      return Optional.empty();
    }
    if (code == 400 || code == 422) {
      // GitLab refuses to go from a state to the same one, which happens after a restart.
      return said.contains("Cannot transition status")
          ? Optional.empty()
          : Optional.of("it answers %d: %s".formatted(code, told(said, token)));
    }
    throw new NotSentException(
        "%s answers %d for '%s'; %s".formatted(target.api(), code, target.project(), hint(code)),
        answer.headers().firstValue("Retry-After").flatMap(StatusSender::seconds));
  }

  private static String hint(int code) {
    if (code >= 300 && code < 400) {
      return "redirections are not followed; declare the 'api' that it leads to";
    }
    return switch (code) {
      case 401, 403 ->
          "the token must be allowed to set commit statuses (GitLab: api; GitHub: commit statuses,"
              + " write; Gitea: write:repository)";
      case 404 -> "look at 'api' and 'project', and whether the token may see that repository";
      default -> "it is tried again";
    };
  }

  private static Optional<Duration> seconds(String header) {
    try {
      return Optional.of(Duration.ofSeconds(Math.clamp(Long.parseLong(header.strip()), 1, 600)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String told(String said, String token) {
    String line = Masking.text(said.replace(token, Masking.MASK).replaceAll("\\s+", " ").strip());
    return line.length() > MOST_TOLD ? line.substring(0, MOST_TOLD) + "..." : line;
  }

  private static String token(StatusTarget target) throws NotSentException {
    try {
      if (Files.size(target.token()) <= LARGEST_TOKEN) {
        String token = Files.readString(target.token()).strip();
        if (!token.isEmpty()) {
          return token;
        }
      }
      throw new NotSentException(
          "status.tokenFile '%s' is empty or too large".formatted(target.token()),
          Optional.empty());
    } catch (IOException e) {
      throw new NotSentException(
          "status.tokenFile '%s' cannot be read (%s); give the deployer a secret of that name"
              .formatted(target.token(), e.getClass().getSimpleName()),
          Optional.empty());
    }
  }

  private synchronized HttpClient http() {
    if (http == null) {
      http =
          HttpClient.newBuilder().connectTimeout(CONNECT).followRedirects(Redirect.NEVER).build();
    }
    return http;
  }

  @Override
  public synchronized void close() {
    if (http != null) {
      http.shutdownNow();
    }
  }
}
