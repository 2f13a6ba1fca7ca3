package dev.skep.cli.cluster;

import dev.skep.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The variables beside stack.yml. What is in the file stays as it is, but what is empty: people
 * change it, and what they wrote there holds. Nothing in it is secret, so that it is readable like
 * stack.yml itself.
 */
final class EnvFile {
  private static final Pattern LINE =
      Pattern.compile("\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)");
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:/@,+=-]*");

  private final Path file;
  private final String content;
  private final Map<String, String> values = new LinkedHashMap<>();

  private EnvFile(Path file, String content) {
    this.file = file;
    this.content = content;
    content
        .lines()
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .forEach(m -> values.put(m.group(1), unquoted(m.group(2).strip())));
  }

  /**
   * The file; one without a line if it is not there.
   *
   * @throws CliException if it cannot be read
   */
  static EnvFile read(Path file) {
    try {
      return new EnvFile(file, Files.exists(file) ? Files.readString(file) : "");
    } catch (IOException e) {
      throw new CliException("cannot read " + file + ": " + e);
    }
  }

  Path path() {
    return file;
  }

  /** A variable's value; null if the file does not have it. */
  String get(String name) {
    return values.get(name);
  }

  /**
   * Adds the variables that are missing. An empty one counts as missing where there is a value for
   * it now: its line is replaced.
   *
   * @return those that were added
   * @throws CliException if the file cannot be written
   */
  Map<String, String> add(Map<String, String> wanted) {
    Map<String, String> missing = new TreeMap<>(wanted);
    missing
        .entrySet()
        .removeIf(e -> values.containsKey(e.getKey()) && !fills(e.getKey(), e.getValue()));
    if (missing.isEmpty()) {
      return missing;
    }
    StringBuilder next = new StringBuilder();
    content
        .lines()
        .filter(line -> !isOf(missing.keySet(), line))
        .forEach(line -> next.append(line).append('\n'));
    if (content.isEmpty()) {
      next.append("# Written by skep init; read by skep stack deploy. Nothing in it is secret.\n");
    }
    missing.forEach(
        (name, value) -> next.append(name).append('=').append(quoted(value)).append('\n'));
    write(next.toString());
    return missing;
  }

  private boolean fills(String name, String value) {
    return values.get(name).isEmpty() && !value.isEmpty();
  }

  private static boolean isOf(Set<String> names, String line) {
    Matcher m = LINE.matcher(line);
    return m.matches() && names.contains(m.group(1));
  }

  private void write(String text) {
    try {
      Path directory = file.toAbsolutePath().getParent();
      Path temp = Files.createTempFile(directory, ".env", ".tmp");
      try {
        Files.writeString(temp, text);
        Files.setPosixFilePermissions(
            temp,
            Files.exists(file)
                ? Files.getPosixFilePermissions(file)
                : PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temp);
      }
    } catch (IOException e) {
      throw new CliException("cannot write " + file + ": " + e);
    }
  }

  /** A shell, and this suite, read it as it is. */
  private static String quoted(String value) {
    return PLAIN.matcher(value).matches() ? value : "'" + value + "'";
  }

  private static String unquoted(String value) {
    for (String quote : List.of("'", "\"")) {
      if (value.length() >= 2 && value.startsWith(quote) && value.endsWith(quote)) {
        return value.substring(1, value.length() - 1);
      }
    }
    return value;
  }
}
