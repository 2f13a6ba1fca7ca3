package dev.skep.cli.stack;

import dev.skep.deployer.direct.DirectStack;
import java.time.Duration;

/** Tells somebody who ends a command by Ctrl-C, while it waits, what goes on without it. */
final class Interruption implements AutoCloseable {
  /** Somebody who wants to end it does not wait for an Engine that does not answer. */
  private static final Duration NOTED_WITHIN = Duration.ofSeconds(5);

  private final Thread hook;

  /** Of a deployment by the deployer, from now on until it is closed. */
  static Interruption throughSuite(String stack) {
    return new Interruption(
        "the deployer goes on with what it has taken; see skep stack history " + stack, () -> {});
  }

  /**
   * Of a deployment straight to the Engine, from now on until it is closed.
   *
   * @param way of that deployment: its history tells of the interruption
   */
  static Interruption direct(String stack, DirectStack way) {
    return new Interruption(
        "Swarm goes on with what was sent (skep stack ps %s); deploy again to send the rest"
            .formatted(stack),
        way::interrupted);
  }

  private Interruption(String what, Runnable note) {
    hook =
        new Thread(
            () -> {
              System.err.println("skep: interrupted: " + what);
              within(note);
            });
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private static void within(Runnable note) {
    Thread thread = Thread.ofPlatform().daemon().name("interruption").unstarted(note);
    thread.setUncaughtExceptionHandler(
        (t, e) -> System.err.println("skep: the history does not tell of it: " + e.getMessage()));
    thread.start();
    try {
      thread.join(NOTED_WITHIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process ends already, and it was told.
    }
  }
}
