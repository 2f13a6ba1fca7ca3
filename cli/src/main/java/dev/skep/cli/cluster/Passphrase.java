package dev.skep.cli.cluster;

import dev.skep.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** The recovery kit's passphrase: from a file, or from the person at the terminal. */
final class Passphrase {
  /** Names the file. */
  static final String VARIABLE = "SKEP_RECOVERY_PASSPHRASE_FILE";

  private final String file;
  private final Optional<Dialog> dialog;

  Passphrase(Map<String, String> environment, Optional<Dialog> dialog) {
    this.file = environment.getOrDefault(VARIABLE, "").strip();
    this.dialog = dialog;
  }

  /** Whether it can be had. */
  boolean available() {
    return !file.isEmpty() || dialog.isPresent();
  }

  /** Whether it is in a file, so that nobody could correct it. */
  boolean fromFile() {
    return !file.isEmpty();
  }

  /**
   * One that opens a kit that is there.
   *
   * @throws CliException if it cannot be had
   */
  char[] existing(Path kit) {
    if (fromFile()) {
      return read();
    }
    return asked("The passphrase of " + kit + ": ");
  }

  /**
   * One for a new kit, long enough; on a terminal asked for twice.
   *
   * @throws CliException if it cannot be had, or is too short
   */
  char[] chosen() {
    if (fromFile()) {
      char[] found = read();
      if (found.length < RecoveryKit.SHORTEST_PASSPHRASE) {
        throw new CliException(
            "the passphrase in %s has %d characters: use at least %d"
                .formatted(file, found.length, RecoveryKit.SHORTEST_PASSPHRASE),
            2);
      }
      return found;
    }
    Dialog person = dialog.orElseThrow(Passphrase::unavailable);
    person.tell(
        "What cannot be made again goes into a recovery kit, encrypted by a passphrase: keep both"
            + " safe, and apart.");
    while (true) {
      char[] first =
          asked(
              "A passphrase, at least %d characters: ".formatted(RecoveryKit.SHORTEST_PASSPHRASE));
      if (first.length < RecoveryKit.SHORTEST_PASSPHRASE) {
        person.tell("  too short");
        continue;
      }
      if (Arrays.equals(first, asked("Once more: "))) {
        return first;
      }
      person.tell("  the two differ");
    }
  }

  private char[] asked(String question) {
    char[] answer = dialog.orElseThrow(Passphrase::unavailable).askSecret(question);
    if (answer == null) {
      throw new CliException("the input ended before a passphrase was given");
    }
    return answer;
  }

  private char[] read() {
    try {
      return Files.readString(Path.of(file)).stripTrailing().toCharArray();
    } catch (IOException e) {
      throw new CliException("cannot read the passphrase in " + file + ", of " + VARIABLE, 2);
    }
  }

  private static CliException unavailable() {
    return new CliException(
        "this is no terminal to ask for the recovery kit's passphrase on: set " + VARIABLE, 2);
  }
}
