package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.cli.ApiClient;
import dev.skep.cli.CliException;
import dev.skep.deployer.apply.ApplyResult;
import dev.skep.deployer.apply.Waiting;
import dev.skep.deployer.gate.Awaited;
import dev.skep.model.Json;
import dev.skep.model.stack.Deployment.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Hands a stack to the deployer and follows what becomes of it. The deployer may go away meanwhile,
 * as it does when it updates itself: the command's id finds the deployment again.
 */
final class Submission {
  /** A deployer that runs answers in milliseconds; one that has just been started, in seconds. */
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(15);

  /** Its image may have to be pulled, and its topics read. */
  private static final Duration BACK_WITHIN = Duration.ofMinutes(3);

  /** Objects are sent, and what its label makes later waits, before services are waited for. */
  static final Duration MORE = Duration.ofMinutes(5);

  private static final Duration TICK = Duration.ofMillis(100);

  /** The step, and the end of the command's id, by which the deployer goes back. */
  private static final String ROLLING_BACK = "rolling-back";

  private static final String BACK = ".rollback";

  /** A stack of which nothing changed is done within a tick. */
  private static final Duration FIRST_TICK = Duration.ofMillis(10);

  private final ApiClient api;
  private final Display display;
  private final Set<String> told = new HashSet<>();
  private Awaited awaited = Awaited.NOTHING;

  /** The deployer did not take the command: nothing was begun. */
  static final class NotTakenException extends CliException {
    private static final long serialVersionUID = 1L;

    NotTakenException(String message) {
      super(message);
    }
  }

  /**
   * A submission.
   *
   * @param display is told each step, and each warning, once
   */
  Submission(ApiClient api, Display display) {
    this.api = api;
    this.display = display;
  }

  /** A command's id: the same one given again does nothing twice. */
  static String newId() {
    return UUID.randomUUID().toString();
  }

  private interface Call {
    ApiClient.Answer send() throws IOException, InterruptedException;
  }

  /**
   * Deploys, and waits until it is done.
   *
   * @param body objects and options
   * @return the deployment
   * @throws NotTakenException if the deployer does not answer, or not in time
   * @throws CliException if it refuses or fails, or the patience ends
   */
  JsonNode deploy(String name, String id, JsonNode body, Duration patience)
      throws IOException, InterruptedException {
    take(name, () -> api.post("/api/stacks/" + name, body, Map.of("Idempotency-Key", id)));
    return follow(name, id, patience);
  }

  /**
   * Removes, and waits until it is gone; otherwise as {@link #deploy}.
   *
   * @param forget whether its revisions are dropped, too
   */
  JsonNode remove(String name, String id, boolean forget, Duration patience)
      throws IOException, InterruptedException {
    String path = "/api/stacks/" + name + (forget ? "?forget=true" : "");
    take(name, () -> api.delete(path, Map.of("Idempotency-Key", id)));
    return follow(name, id, patience);
  }

  /**
   * Goes back to a revision, and waits until that is done; otherwise as {@link #deploy}.
   *
   * @param revision its number; 0 for the last good one before the current
   * @param patience at least so long; for longer where a kept revision may take longer
   */
  JsonNode rollback(String name, String id, long revision, Duration patience)
      throws IOException, InterruptedException {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (revision != 0) {
      body.put("revision", revision);
    }
    Map<String, String> key = Map.of("Idempotency-Key", id);
    take(name, () -> api.post("/api/stacks/" + name + "/rollback", body, key));
    Duration longest = longestWait(name).plus(MORE);
    return follow(name, id, longest.compareTo(patience) > 0 ? longest : patience);
  }

  /** For how long a revision may be waited for that has the options of one that is kept. */
  private Duration longestWait(String name) throws IOException, InterruptedException {
    long usual = Waiting.DEFAULT.timeout().toSeconds();
    return Duration.ofSeconds(
        api.list("/api/stacks/" + name + "/revisions")
            .valueStream()
            .mapToLong(r -> r.at("/options/timeoutSeconds").asLong(usual))
            .max()
            .orElse(usual));
  }

  private void take(String name, Call call) throws InterruptedException {
    long end = System.nanoTime() + ANSWERS_WITHIN.toNanos();
    while (true) {
      String problem;
      try {
        ApiClient.Answer answer = call.send();
        if (answer.ok()) {
          return;
        }
        problem = answer.problem();
        if (answer.status() / 100 == 4) {
          throw new CliException(name + ": the deployer refuses: " + problem);
        }
      } catch (IOException e) {
        problem = e.getMessage();
      }
      if (System.nanoTime() > end) {
        throw new NotTakenException(
            "%s: the deployer takes no commands: %s; --direct goes without it"
                .formatted(name, problem));
      }
      Thread.sleep(TICK);
    }
  }

  private JsonNode follow(String name, String id, Duration patience)
      throws IOException, InterruptedException {
    String path = "/api/commands/" + id;
    long end = System.nanoTime() + patience.toNanos();
    long silentSince = 0;
    Duration tick = FIRST_TICK;
    while (System.nanoTime() < end) {
      try {
        ApiClient.Answer answer = api.get(path);
        if (answer.status() == 401 || answer.status() == 403) {
          throw new CliException("the suite does not take this token: " + answer.problem());
        }
        JsonNode deployment = answer.body().path("deployment");
        awaited(answer.body().path("awaited"));
        deployment.path("steps").forEach(this::tell);
        answer.body().path("told").forEach(this::tell);
        switch (answer.body().path("state").asText()) {
          case "succeeded" -> {
            return deployment;
          }
          case "failed" -> {
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            throw failed(name, id, answer.body(), deployment, left);
          }
          default -> silentSince = 0;
        }
      } catch (IOException e) {
        if (silentSince == 0) {
          silentSince = System.nanoTime();
          told(
              "the deployer does not answer for now, as when it is updated itself: waiting",
              display::line);
        } else if (System.nanoTime() - silentSince > BACK_WITHIN.toNanos()) {
          throw new CliException(
              "the deployer has not answered for %d s, and took the command before: %s; it goes on"
                      .formatted(BACK_WITHIN.toSeconds(), e.getMessage())
                  + " when it is back. Look at its service's tasks and logs");
        }
      }
      Thread.sleep(tick);
      tick = tick.multipliedBy(2).compareTo(TICK) < 0 ? tick.multipliedBy(2) : TICK;
    }
    throw new CliException(
        "%s: still going on after %d s; the deployer goes on with it: see skep stack history %s"
            .formatted(name, patience.toSeconds(), name));
  }

  /** Why it failed; where the stack then goes back, that is waited for and told, too. */
  private CliException failed(
      String name, String id, JsonNode state, JsonNode deployment, Duration left)
      throws IOException, InterruptedException {
    String said =
        "the deployment failed: " + deployment.path("error").asText(state.path("error").asText());
    boolean back =
        deployment
            .path("steps")
            .valueStream()
            .anyMatch(s -> s.path("action").asText().equals(ROLLING_BACK));
    if (!back) {
      return new CliException(said);
    }
    try {
      long revision = follow(name, id + BACK, left).path("revision").asLong();
      return new CliException(said + "; the stack was taken back, as revision " + revision);
    } catch (CliException e) {
      return new CliException(said + "; going back failed, too: " + e.getMessage());
    }
  }

  private void tell(JsonNode step) {
    if (step.path("action").asText().equals(ApplyResult.WARNED)) {
      told(PlanText.visible("warning: " + step.path("detail").asText()), display::warning);
      return;
    }
    Step done =
        new Step(
            step.path("kind").asText(),
            step.path("name").asText(),
            step.path("action").asText(),
            step.path("detail").asText());
    told(StackFiles.line(done), line -> display.step(done));
  }

  private void awaited(JsonNode services) {
    Awaited now =
        services.isObject() ? Json.mapper().convertValue(services, Awaited.class) : Awaited.NOTHING;
    if (!now.equals(awaited)) {
      awaited = now;
      display.awaited(now);
    }
  }

  private void told(String line, Consumer<String> to) {
    if (told.add(line)) {
      to.accept(line);
    }
  }
}
