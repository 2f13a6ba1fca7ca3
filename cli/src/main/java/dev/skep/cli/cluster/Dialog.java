package dev.skep.cli.cluster;

import java.io.Console;
import java.util.Optional;

/** The person at the terminal. */
interface Dialog {
  /** Asks for a line; null at the end of the input. */
  String ask(String question);

  /** Asks for something that must not be seen; null at the end of the input. */
  char[] askSecret(String question);

  /** Tells something that belongs to the questions. */
  void tell(String line);

  /** The terminal of this process; empty if its input or its output is none. */
  // The default console, of java.base, is null without a terminal; others are not.
  @SuppressWarnings("SystemConsoleNull")
  static Optional<Dialog> terminal() {
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      return Optional.empty();
    }
    return Optional.of(
        new Dialog() {
          @Override
          public String ask(String question) {
            return console.readLine("%s", question);
          }

          @Override
          public char[] askSecret(String question) {
            return console.readPassword("%s", question);
          }

          @Override
          public void tell(String line) {
            console.printf("%s%n", line);
          }
        });
  }
}
