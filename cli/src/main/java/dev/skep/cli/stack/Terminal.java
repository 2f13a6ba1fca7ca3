package dev.skep.cli.stack;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A terminal on which lines can be redrawn.
 *
 * @param rows how many lines it shows
 * @param columns how many characters a line has
 */
record Terminal(int rows, int columns) {
  private static final Terminal USUAL = new Terminal(24, 80);
  private static final Duration ASKED_EVERY = Duration.ofSeconds(1);
  private static final Pattern SIZE = Pattern.compile("(\\d+) (\\d+)\\s*");

  /** The terminal that the output goes to; empty if it goes elsewhere, or may not be drawn on. */
  static Optional<Terminal> find() {
    String refused = System.getenv("NO_COLOR");
    boolean plain = (refused != null && !refused.isEmpty()) || "dumb".equals(System.getenv("TERM"));
    return plain || !isThere() ? Optional.empty() : Optional.of(size(USUAL));
  }

  /** A terminal as it is now: people change its size. Asked for at most once a second. */
  static Supplier<Terminal> followed(Terminal first) {
    return new Supplier<>() {
      private Terminal last = first;
      private long at = System.nanoTime();

      @Override
      public synchronized Terminal get() {
        if (System.nanoTime() - at > ASKED_EVERY.toNanos()) {
          last = size(last);
          at = System.nanoTime();
        }
        return last;
      }
    };
  }

  /** JDK 25 has no console again where there is no terminal, which the check does not know. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isThere() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /**
   * As it is now. Nothing in Java asks for it.
   *
   * @param otherwise if it does not say so
   */
  private static Terminal size(Terminal otherwise) {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectErrorStream(true)
              .start();
      String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!stty.waitFor(1, TimeUnit.SECONDS)) {
        stty.destroy();
      }
      Matcher size = SIZE.matcher(said);
      if (size.matches() && !size.group(1).equals("0") && !size.group(2).equals("0")) {
        return new Terminal(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)));
      }
    } catch (IOException e) {
      return otherwise;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return otherwise;
  }
}
