package dev.skep.edge.haproxy;

import java.util.regex.Pattern;

/** The last guard before a value becomes configuration or a command. */
final class Token {
  /** Nothing in it has a meaning of its own to HAProxy's parsers. */
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.:/@~+,=%*\\[\\]-]*");

  /** A map's key: also what a path may have. Never quoted, so no quotes, spaces, # or \. */
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_.:/@~+,=%*!$&();-]+");

  private Token() {}

  /**
   * The value itself.
   *
   * @throws IllegalArgumentException if it could be read as more than one plain word
   */
  static String word(String value) {
    if (!WORD.matcher(value).matches()) {
      throw new IllegalArgumentException("'" + printable(value) + "' cannot be configuration");
    }
    return value;
  }

  /**
   * The key itself.
   *
   * @throws IllegalArgumentException if it cannot be a key of a map
   */
  static String key(String value) {
    if (!KEY.matcher(value).matches()) {
      throw new IllegalArgumentException("'" + printable(value) + "' cannot be a map's key");
    }
    return value;
  }

  /** A key as an argument of a command, where a semicolon would end the command. */
  static String argument(String key) {
    return key(key).replace(";", "\\;");
  }

  private static String printable(String value) {
    return value.replaceAll("[^ -~]", "?");
  }
}
