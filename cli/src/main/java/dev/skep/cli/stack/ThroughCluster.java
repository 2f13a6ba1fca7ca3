package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.CliException;
import dev.skep.cli.cluster.ClusterSession;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets the deployer inside the cluster do it, by {@code skep stack submit} in the admin container.
 * That container is a part of the suite, too: where it goes away meanwhile, the same command is
 * submitted again by the next one, which follows what is under way.
 */
final class ThroughCluster {
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  /** An admin container is started within seconds, once its image is there. */
  private static final Duration NEXT_WITHIN = Duration.ofMinutes(2);

  private static final Duration TICK = Duration.ofMillis(500);

  /** What goes wrong at once, and again, is not a container that is being replaced. */
  private static final int MOST_LOSSES = 10;

  private final EngineClient engine;
  private final PrintStream out;
  private final PrintStream err;

  ThroughCluster(EngineClient engine, PrintStream out, PrintStream err) {
    this.engine = engine;
    this.out = out;
    this.err = err;
  }

  /**
   * Deploys.
   *
   * @param body objects and options
   * @param patience how long it is followed
   * @param display where its progress is shown
   * @throws CliException if the way inside is lost
   * @return the exit code; why it is not 0 was told
   */
  int deploy(ClusterSession session, String name, JsonNode body, Duration patience, Display display)
      throws IOException, InterruptedException {
    byte[] input = body.toString().getBytes(StandardCharsets.UTF_8);
    return run(session, input, List.of(name), patience, display);
  }

  /** Removes, with all revisions if they are to be forgotten; otherwise as {@link #deploy}. */
  int remove(ClusterSession session, String name, boolean forget)
      throws IOException, InterruptedException {
    List<String> what = new ArrayList<>(List.of(name, "--remove"));
    if (forget) {
      what.add("--forget");
    }
    return run(session, new byte[0], what, PATIENCE, Display.lines(out::println));
  }

  /** Goes back to a revision, 0 for the last good one; otherwise as {@link #deploy}. */
  int rollback(ClusterSession session, String name, long revision)
      throws IOException, InterruptedException {
    String number = Long.toString(revision);
    List<String> what = List.of(name, "--rollback", "--revision", number);
    return run(session, new byte[0], what, PATIENCE, Display.on(out));
  }

  /** Runs a command inside that only reads, and gives its exit code. */
  int read(ClusterSession session, List<String> command) throws IOException, InterruptedException {
    return read(session, out, command);
  }

  /** As above, with what it prints on its standard output in another place. */
  int read(ClusterSession session, OutputStream printed, List<String> command)
      throws IOException, InterruptedException {
    return session.exec(InputStream.nullInputStream(), printed, err, command);
  }

  private int run(
      ClusterSession first, byte[] input, List<String> what, Duration patience, Display display)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("stack", "submit"));
    command.addAll(what);
    command.addAll(List.of("--id", Submission.newId(), "--timeout", patience.toSeconds() + "s"));
    DisplayStream.Reader shown = new DisplayStream.Reader(display);
    Map<String, String> env = display.live() ? Map.of(DisplayStream.LIVE, "yes") : Map.of();
    ClusterSession session = first;
    for (int losses = 0; losses < MOST_LOSSES; losses++) {
      int code = session.exec(new ByteArrayInputStream(input), shown, err, env, command);
      switch (code) {
        case 0 -> {
          return 0;
        }
        case SubmitCommand.FAILED, SubmitCommand.NOT_TAKEN -> {
          return 1;
        }
        case 2 ->
            throw new CliException(
                "the skep command inside the cluster is another version's: use --direct");
        default ->
            display.warning("the admin container went away (" + code + "): looking for the next");
      }
      session = next();
      shown.anew();
    }
    throw new CliException(
        "the skep command inside the cluster ends before its work is done; look at the tasks of"
            + " service "
            + ClusterSession.ADMIN
            + ", or use --direct");
  }

  private ClusterSession next() throws InterruptedException {
    long end = System.nanoTime() + NEXT_WITHIN.toNanos();
    Thread.sleep(TICK);
    while (true) {
      try {
        Optional<ClusterSession> found = ClusterSession.find(engine);
        if (found.isPresent()) {
          return found.get();
        }
      } catch (EngineException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
      }
      if (System.nanoTime() > end) {
        throw new CliException(
            "no container of service %s runs on this node any more; the deployer goes on with what"
                    .formatted(ClusterSession.ADMIN)
                + " it was given");
      }
      Thread.sleep(TICK);
    }
  }
}
