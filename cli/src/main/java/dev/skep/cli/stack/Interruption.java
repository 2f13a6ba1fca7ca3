package dev.skep.cli.stack;

/** Tells somebody who ends a command by Ctrl-C, while it waits, what goes on without it. */
final class Interruption implements AutoCloseable {
  private final Thread hook;

  /** Of a deployment by the deployer, from now on until it is closed. */
  static Interruption throughSuite(String stack) {
    return new Interruption(
        "the deployer goes on with what it has taken; see skep stack history " + stack);
  }

  /** Of a deployment straight to the Engine, from now on until it is closed. */
  static Interruption direct(String stack) {
    return new Interruption(
        "Swarm goes on with what was sent (skep stack ps %s); deploy again to send the rest"
            .formatted(stack));
  }

  private Interruption(String what) {
    hook = new Thread(() -> System.err.println("skep: interrupted: " + what));
    Runtime.getRuntime().addShutdownHook(hook);
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
