package dev.skep.edgeconfig.labels;

import java.util.regex.Pattern;

/** Paths as they may stand in rules. */
final class PathValue {
  /** RFC 3986's path characters without the apostrophe, which would need quoting downstream. */
  private static final Pattern PATH =
      Pattern.compile("/(?:[A-Za-z0-9._~!$&()*+,;=:@/-]|%[0-9A-Fa-f]{2})*");

  private static final int MAX = 1024;

  private PathValue() {}

  /**
   * The path as it is: letter case matters.
   *
   * @throws LabelException naming what is wrong with it
   */
  static String of(String text) throws LabelException {
    if (!text.startsWith("/")) {
      throw invalid(text, "must start with a slash");
    }
    if (text.length() > MAX) {
      throw invalid(text, "is longer than " + MAX + " characters");
    }
    if (text.indexOf('{') >= 0) {
      throw invalid(text, "has a brace: patterns are not part of PathPrefix, write the plain path");
    }
    if (!PATH.matcher(text).matches()) {
      throw invalid(
          text,
          "has a character that a path cannot have (space, quote, backslash, ?, #, or beyond"
              + " ASCII): write it percent-encoded");
    }
    return text;
  }

  private static LabelException invalid(String text, String what) {
    return new LabelException(Reason.INVALID_VALUE, "path " + Quoted.of(text) + " " + what);
  }
}
