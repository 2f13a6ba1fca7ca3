package dev.skep.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Tells a waiting person what is being done and how long it took, one line a step. */
public final class Progress {
  /** A step's work. */
  public interface Work<T> {
    T run() throws Exception;
  }

  private final PrintStream out;

  public Progress(PrintStream out) {
    this.out = out;
  }

  /** Runs {@code work} under a name. */
  public <T> T step(String name, Work<T> work) throws Exception {
    long start = System.nanoTime();
    out.print("  " + name + " ... ");
    out.flush();
    boolean done = false;
    try {
      T result = work.run();
      done = true;
      return result;
    } finally {
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      out.println(
          (done ? "done" : "failed")
              + String.format(Locale.ROOT, " (%.1f s)", took.toMillis() / 1000.0));
    }
  }

  /** A plain line. */
  public void say(String line) {
    out.println("  " + line);
  }
}
