package dev.skep.edge.haproxy;

import java.util.regex.Pattern;

/**
 * A command of the runtime API. Its errors are text like its successes: only the expected text
 * tells them apart.
 *
 * @param text without a line break, but for a payload's
 * @param expected regular expression that must occur in the answer; empty: no answer at all
 * @param payload whether it carries one: then it cannot share a connection's line
 */
public record RuntimeCommand(String text, String expected, boolean payload) {
  /** What the worker logs meanwhile is put into the answer, too. */
  private static final Pattern NOISE =
      Pattern.compile(
          "(?i)(Server \\S+/\\S+ (is|was|has|failed|succeeded)\\b|backend '?\\S+ has no server).*");

  static RuntimeCommand silent(String text) {
    return new RuntimeCommand(text, "", false);
  }

  static RuntimeCommand of(String text, String expected) {
    return new RuntimeCommand(text, expected, false);
  }

  /** With a payload, whose lines must not be blank: a blank line ends it. */
  static RuntimeCommand payload(String text, String payload, String expected) {
    String body = payload.endsWith("\n") ? payload : payload + "\n";
    if (body.startsWith("\n") || body.contains("\n\n") || body.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("a payload must have neither blank lines nor CRs");
    }
    return new RuntimeCommand(text + " <<\n" + body, expected, true);
  }

  /** Whether {@code answer} means that it was done. */
  public boolean succeeded(String answer) {
    if (!expected.isEmpty()) {
      return Pattern.compile(expected).matcher(answer).find();
    }
    return answer.lines().filter(l -> !l.isBlank()).allMatch(l -> NOISE.matcher(l).matches());
  }

  /** The command alone: never the payload, which may be a private key. */
  @Override
  public String toString() {
    return text.lines().findFirst().orElse("");
  }
}
