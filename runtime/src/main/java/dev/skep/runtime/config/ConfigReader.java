package dev.skep.runtime.config;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads configuration from the environment: {@code NAME}, or for secrets a file that {@code
 * NAME_FILE} names. An error does not end the reading: a stand-in value is returned, and {@link
 * #check} reports all errors at once. Use no value before {@code check}.
 *
 * <p>Not thread-safe.
 */
public final class ConfigReader {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
  private static final String FILE_SUFFIX = "_FILE";

  private final Map<String, String> env;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, String> effective = new LinkedHashMap<>();

  /**
   * A reader of these variables.
   *
   * @param env names to values; an empty value counts as absent, as Compose files produce them
   */
  public ConfigReader(Map<String, String> env) {
    this.env = Map.copyOf(env);
  }

  /** A value that must be there; an empty string stands in for a missing one. */
  public String required(String name) {
    String value = lookUp(name, false);
    if (value == null) {
      problem(name, "is not set", "set it (or " + name + FILE_SUFFIX + " to a file that holds it)");
      value = "";
    }
    return note(name, value);
  }

  /**
   * A value that may be absent.
   *
   * @param defaultValue may be null
   */
  public String optional(String name, String defaultValue) {
    String value = lookUp(name, false);
    return note(name, value == null ? defaultValue : value);
  }

  /** A whole number from {@code min} to {@code max}. */
  public int integer(String name, int defaultValue, int min, int max) {
    String value = optional(name, Integer.toString(defaultValue));
    try {
      int n = Integer.parseInt(value.strip());
      if (n >= min && n <= max) {
        return n;
      }
    } catch (NumberFormatException e) {
      // Reported below, together with what is out of range.
    }
    problem(name, "is '" + value + "'", "use a whole number from " + min + " to " + max);
    return defaultValue;
  }

  /** A length of time: {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h}, {@code 7d}. */
  public Duration duration(String name, Duration defaultValue) {
    String value = optional(name, null);
    if (value == null) {
      note(name, format(defaultValue));
      return defaultValue;
    }
    Matcher m = DURATION.matcher(value.strip().toLowerCase(Locale.ROOT));
    if (!m.matches()) {
      problem(name, "is '" + value + "'", "use a number with ms, s, m, h or d, such as 10s");
      return defaultValue;
    }
    long n = Long.parseLong(m.group(1));
    return switch (m.group(2)) {
      case "ms" -> Duration.ofMillis(n);
      case "s" -> Duration.ofSeconds(n);
      case "m" -> Duration.ofMinutes(n);
      case "h" -> Duration.ofHours(n);
      default -> Duration.ofDays(n);
    };
  }

  /**
   * An absolute URI.
   *
   * @param defaultValue null: the value is required
   */
  public URI uri(String name, String defaultValue) {
    String value = defaultValue == null ? required(name) : optional(name, defaultValue);
    try {
      URI uri = new URI(value.strip());
      if (uri.isAbsolute()) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Reported below.
    }
    if (!value.isEmpty()) {
      problem(name, "is '" + value + "'", "use an absolute URI, such as https://example.org/");
    }
    return URI.create("invalid:unset");
  }

  /**
   * A path; whether it exists is not checked.
   *
   * @param defaultValue null: the value is required
   */
  public Path path(String name, String defaultValue) {
    String value = defaultValue == null ? required(name) : optional(name, defaultValue);
    try {
      return Path.of(value);
    } catch (InvalidPathException e) {
      problem(name, "is '" + value + "'", "use a path of this machine");
      return Path.of("");
    }
  }

  /** {@code true} or {@code false}. */
  public boolean flag(String name, boolean defaultValue) {
    String value = optional(name, Boolean.toString(defaultValue));
    switch (value.strip().toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes" -> {
        return true;
      }
      case "false", "0", "no" -> {
        return false;
      }
      default -> {
        problem(name, "is '" + value + "'", "use true or false");
        return defaultValue;
      }
    }
  }

  /** A secret that must be there, from {@code NAME} or the file that {@code NAME_FILE} names. */
  public Secret secret(String name) {
    String value = lookUp(name, true);
    if (value == null) {
      problem(name, "is not set", "set " + name + FILE_SUFFIX + " to a file that holds it");
      value = "";
    }
    effective.put(name, "(secret)");
    return new Secret(value);
  }

  /** A secret that may be absent; then it is empty. */
  public Secret optionalSecret(String name) {
    String value = lookUp(name, true);
    effective.put(name, value == null ? "(none)" : "(secret)");
    return new Secret(value == null ? "" : value);
  }

  /** Every variable that starts with {@code prefix} and is not empty, without {@code _FILE}. */
  public SortedSet<String> names(String prefix) {
    SortedSet<String> names = new TreeSet<>();
    env.forEach(
        (name, value) -> {
          if (name.startsWith(prefix) && !value.isEmpty()) {
            names.add(
                name.endsWith(FILE_SUFFIX)
                    ? name.substring(0, name.length() - FILE_SUFFIX.length())
                    : name);
          }
        });
    return names;
  }

  /**
   * Adds a problem that the caller found.
   *
   * @param what what is wrong, as the rest of a sentence that begins with the name
   * @param remedy what to do
   */
  public void problem(String name, String what, String remedy) {
    problems.add(name + " " + what + ": " + remedy);
  }

  /**
   * Ends the reading.
   *
   * @throws ConfigException if anything was wrong; it lists every problem
   */
  public void check() {
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  /** What was read, defaults included and secrets masked, in the order of reading: for the log. */
  public Map<String, String> effective() {
    return new LinkedHashMap<>(effective);
  }

  private String lookUp(String name, boolean secret) {
    String value = blankToNull(env.get(name));
    String file = blankToNull(env.get(name + FILE_SUFFIX));
    if (file == null) {
      return value;
    }
    if (value != null) {
      problem(name, "and " + name + FILE_SUFFIX + " are both set", "keep one of them");
      return value;
    }
    try {
      String content = Files.readString(Path.of(file)).strip();
      if (content.isEmpty()) {
        problem(name + FILE_SUFFIX, "names an empty file, " + file, "write the value into it");
        return "";
      }
      return content;
    } catch (IOException | InvalidPathException e) {
      String kind = secret ? "the secret" : "the value";
      problem(
          name + FILE_SUFFIX,
          "names " + file + ", which cannot be read (" + e.getClass().getSimpleName() + ")",
          "make it a readable file that holds " + kind);
      return "";
    }
  }

  private String note(String name, String value) {
    effective.put(name, value == null ? "(none)" : value);
    return value;
  }

  private static String blankToNull(String value) {
    return value == null || value.isBlank() ? null : value;
  }

  private static String format(Duration d) {
    return d.toMillis() % 1000 == 0 ? d.toSeconds() + "s" : d.toMillis() + "ms";
  }
}
