package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.cli.ApiClient;
import dev.skep.cli.CliException;
import dev.skep.cli.Person;
import dev.skep.deployer.apply.ApplyListener;
import dev.skep.deployer.apply.ApplyOptions;
import dev.skep.deployer.apply.ApplyResult;
import dev.skep.deployer.compose.Compose;
import dev.skep.deployer.compose.ComposeException;
import dev.skep.deployer.compose.ComposeFile;
import dev.skep.deployer.compose.FileSource;
import dev.skep.deployer.compose.SkepSettings;
import dev.skep.deployer.convert.Converter;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.direct.DirectStack;
import dev.skep.deployer.state.StackBody;
import dev.skep.engine.EngineClient;
import dev.skep.model.Json;
import dev.skep.model.stack.Deployment.Step;
import dev.skep.model.stack.Revision.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** From compose files on disk to objects, and to a running suite. */
public final class StackFiles {
  private static final Path STDIN = Path.of("-");

  private StackFiles() {}

  /**
   * Reads and converts files, with what {@code x-skep} in the first of them names.
   *
   * @param files "-" is standard input
   * @param warn gets one line for each key that Swarm ignores, and each file that was brought in
   * @throws CliException naming every error with file, line and column
   */
  public static StackObjects convert(String name, List<Path> files, Consumer<String> warn) {
    try {
      ComposeFile file = load(files, warn);
      file.warnings().forEach(w -> warn.accept("warning: " + w));
      return Converter.convert(file, name);
    } catch (ComposeException e) {
      throw new CliException(
          e.problems().stream().map(Object::toString).collect(Collectors.joining("\nskep: ")));
    }
  }

  private static ComposeFile load(List<Path> files, Consumer<String> warn) {
    if (files.getFirst().equals(STDIN)) {
      return Compose.load(files, System.getenv(), StackFiles::read);
    }
    SkepSettings settings = SkepSettings.read(files, System.getenv());
    settings.notices().forEach(warn);
    return Compose.load(settings.files(), settings.variables(), StackFiles::read);
  }

  private static byte[] read(Path file, long limit) throws IOException {
    if (!file.equals(STDIN.toAbsolutePath())) {
      return FileSource.LOCAL.read(file, limit);
    }
    byte[] text = System.in.readNBytes((int) limit + 1);
    if (text.length > limit) {
      throw new IOException("standard input has more than " + limit + " bytes");
    }
    return text;
  }

  /**
   * Deploys through the suite and waits until all is sent; not until the services run.
   *
   * @param tell gets a line for each step
   * @throws CliException if it fails or the patience ends
   */
  public static JsonNode deploy(
      ApiClient api, String name, List<Path> files, Duration patience, Consumer<String> tell)
      throws IOException, InterruptedException {
    StackObjects objects = convert(name, files, System.err::println);
    ObjectNode body = body(objects, ApplyOptions.defaults().detached(), source(files));
    return new Submission(api, Display.lines(tell))
        .deploy(name, Submission.newId(), body, patience);
  }

  /** Where files came from, for the history: their names as they were given. */
  static Source source(List<Path> files) {
    return Source.of(
        files.stream().map(f -> f.equals(STDIN) ? "standard input" : f.toString()).toList());
  }

  /** What the deployer's API takes. */
  static ObjectNode body(StackObjects objects, ApplyOptions options, Source source) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.set("objects", objects.toBody());
    body.set("options", options.toJson());
    body.set("source", Json.mapper().valueToTree(source));
    return body;
  }

  /**
   * Deploys straight to the Engine, and keeps the revision there.
   *
   * @param listener told of each step, and of what is waited for
   * @throws CliException if an object could not be made, or a service did not come to run
   */
  static void deploy(EngineClient engine, StackBody body, ApplyListener listener) {
    DirectStack way = direct(engine);
    try (Interruption _ = Interruption.direct(body.stack(), way)) {
      finish(way.deploy(body, listener));
    }
  }

  /**
   * Goes back straight on the Engine.
   *
   * @param revision 0 for the last good one before the current
   * @throws CliException if that failed
   */
  static void rollback(EngineClient engine, String name, long revision, ApplyListener listener) {
    DirectStack way = direct(engine);
    try (Interruption _ = Interruption.direct(name, way)) {
      finish(way.rollback(name, revision, listener));
    }
  }

  /** A stack straight on the Engine. */
  static DirectStack direct(EngineClient engine) {
    String person = Person.current();
    return new DirectStack(engine, Clock.systemUTC(), person.isEmpty() ? "unknown" : person);
  }

  /**
   * Removes a stack straight from the Engine.
   *
   * @return what was removed
   * @throws CliException if an object could not be removed
   */
  public static ApplyResult remove(EngineClient engine, String name, Consumer<String> tell) {
    ApplyResult result = direct(engine).remove(name, step -> tell.accept(line(step)));
    finish(result);
    return result;
  }

  /**
   * Removes a stack through the suite and waits until it is gone.
   *
   * @throws CliException if it fails or the patience ends
   */
  public static JsonNode remove(
      ApiClient api, String name, Duration patience, Consumer<String> tell)
      throws IOException, InterruptedException {
    return new Submission(api, Display.lines(tell))
        .remove(name, Submission.newId(), false, patience);
  }

  /**
   * Tells the warnings.
   *
   * @throws CliException if it failed
   */
  private static void finish(DirectStack.Outcome outcome) {
    outcome.result().warnings().forEach(w -> System.err.println("warning: " + w));
    if (!outcome.error().isEmpty()) {
      throw new CliException(outcome.told());
    }
  }

  private static void finish(ApplyResult result) {
    result.warnings().forEach(w -> System.err.println("warning: " + w));
    if (result.failed()) {
      throw new CliException(result.error());
    }
  }

  /** A step as a line; what more there is to say of a failure comes at the end. */
  static String line(Step step) {
    String detail = step.detail().lines().findFirst().orElse("");
    return PlanText.visible(
        "%s %s %s%s"
            .formatted(
                step.action(),
                step.kind(),
                step.name(),
                detail.isEmpty() ? "" : " (" + detail + ")"));
  }
}
