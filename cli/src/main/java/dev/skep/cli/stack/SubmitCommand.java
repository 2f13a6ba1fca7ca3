package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.ApiClient;
import dev.skep.cli.CliException;
import dev.skep.cli.DurationOption;
import dev.skep.cli.StateOptions;
import dev.skep.model.Json;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The half of {@code skep stack deploy} that runs inside the cluster: objects from standard input
 * to the deployer. May be run again with the same id, whatever became of the run before.
 */
@Command(
    name = "submit",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = {
      "Hand a stack's objects, as JSON on standard input, to the deployer and follow it.",
      "Ends with 20 if it failed for good, with 21 if the deployer did not take it."
    })
final class SubmitCommand implements Callable<Integer> {
  /** Exit codes that no shell, container or Java run-time ends with by itself. */
  static final int FAILED = 20;

  static final int NOT_TAKEN = 21;

  @Parameters(paramLabel = "NAME", converter = StackName.class, description = "the stack's name")
  private String name;

  @Option(
      names = "--id",
      required = true,
      description = "the command's id; what has it is done once")
  private String id;

  @Option(names = "--remove", description = "remove the stack; nothing is read")
  private boolean remove;

  @Option(names = "--forget", description = "with --remove: keep no revision of it")
  private boolean forget;

  @Option(names = "--rollback", description = "take the stack back; nothing is read")
  private boolean rollback;

  @Option(
      names = "--revision",
      paramLabel = "N",
      description = "to this revision; else to the last good one before the current")
  private long revision;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "15m",
      converter = DurationOption.class,
      description = "how long to follow it (default: ${DEFAULT-VALUE})")
  private Duration timeout;

  @Mixin private StateOptions state;

  /** A terminal at the other end is shown how far services are, too. */
  private static Display display() {
    return System.getenv(DisplayStream.LIVE) == null
        ? Display.lines(System.out::println)
        : DisplayStream.writer(System.out::println);
  }

  @Override
  public Integer call() throws Exception {
    JsonNode body = remove || rollback ? null : Json.mapper().readTree(System.in);
    try (ApiClient api =
        ApiClient.connect(state.state())
            .orElseThrow(() -> new CliException("no suite runs here", NOT_TAKEN))) {
      Submission submission = new Submission(api, display());
      if (remove) {
        RemoveCommand.tell(
            name, submission.remove(name, id, forget, timeout).path("steps").isEmpty());
      } else if (rollback) {
        submission.rollback(name, id, revision, timeout);
      } else {
        submission.deploy(name, id, body, timeout);
      }
      return 0;
    } catch (Submission.NotTakenException e) {
      throw new CliException(e.getMessage(), NOT_TAKEN);
    } catch (CliException e) {
      throw new CliException(e.getMessage(), e.exitCode() == 1 ? FAILED : e.exitCode());
    }
  }
}
