package dev.skep.cli.up;

import dev.skep.cli.CliException;
import dev.skep.cli.StateDir;
import dev.skep.cli.StateOptions;
import dev.skep.runtime.life.Logging;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The background process of {@code up}. Ends on SIGTERM, and when a part of it must not go on. */
@Command(name = "run", hidden = true, description = "Run the suite in the foreground.")
public final class RunCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

  @Mixin StateOptions stateOptions;

  @Override
  public Integer call() throws Exception {
    Logging.configure(System.getenv().getOrDefault("SKEP_LOG_LEVEL", "info"));
    StateDir state = stateOptions.state();
    state.prepare();
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Throwable[] cause = new Throwable[1];
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  end.countDown();
                  awaitQuietly(ended);
                },
                "shutdown"));
    try {
      state
          .current()
          .ifPresent(
              other -> {
                throw new CliException(
                    "another suite runs on " + state.root() + " (pid " + other.pid() + ")");
              });
      UpOptions options = UpOptions.remembered(state);
      // At once, not when all is ready: a start that takes its time can be stopped as well.
      state.running(StateDir.Running.self(options.apiPort(), options.edgeDir()));
      try (AllInOne _ =
          AllInOne.start(
              state,
              options,
              fatal -> {
                cause[0] = fatal;
                end.countDown();
              })) {
        end.await();
      } finally {
        state.stopped();
      }
    } finally {
      // A start that failed too: the hook waits for this, and the process for the hook.
      ended.countDown();
    }
    if (cause[0] != null) {
      log.atError().setCause(cause[0]).log("A part could not go on: the suite has ended");
      return 1;
    }
    log.info("Stopped");
    return 0;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
