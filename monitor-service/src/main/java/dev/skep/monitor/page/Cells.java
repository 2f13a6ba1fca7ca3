package dev.skep.monitor.page;

import dev.skep.model.Condition;
import java.time.Instant;
import java.util.Locale;

/** Pieces that several tables use. */
final class Cells {
  /** How something is, for the eye; the word beside it says the same. */
  enum Tone {
    OK,
    WARN,
    BAD,
    QUIET
  }

  private Cells() {}

  static Html text(Object value) {
    return Html.of("{}", value);
  }

  static Html code(String value) {
    return Html.of("<code>{}</code>", value);
  }

  static Html badge(Tone tone, String text) {
    return Html.of(
        "<span class=\"badge {}\">{}</span>", tone.name().toLowerCase(Locale.ROOT), text);
  }

  /** A name with something smaller below it. */
  static Html withNote(Html main, String note) {
    return note == null || note.isEmpty()
        ? main
        : new Html().add(main).add("<small>{}</small>", note);
  }

  static Html time(Messages words, Instant time, Instant now) {
    return time == null
        ? Html.of("–")
        : Html.of(
            "<time datetime=\"{}\" title=\"{}\">{}</time>", time, time, words.relative(time, now));
  }

  /** A condition as a badge, with its message where it does not hold. */
  static Html condition(Messages words, Condition condition) {
    if (condition == null) {
      return badge(Tone.QUIET, words.get("condition.unknown"));
    }
    return switch (condition.status()) {
      case TRUE -> badge(Tone.OK, words.get("condition." + condition.type() + ".true"));
      case FALSE ->
          withNote(
              badge(Tone.BAD, words.get("condition." + condition.type() + ".false")),
              why(condition));
      case UNKNOWN -> withNote(badge(Tone.WARN, words.get("condition.unknown")), why(condition));
    };
  }

  /** So many of so many, with a bar. */
  static Html ratio(long have, long want, Tone tone) {
    long width = want <= 0 ? (have > 0 ? 100 : 0) : Math.min(100, 100 * have / want);
    return Html.of(
        "<span class=\"ratio\"><span class=\"number\">{}<span class=\"of\">/{}</span></span>"
            + "<svg class=\"bar {}\" viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\""
            + " aria-hidden=\"true\"><rect class=\"track\" width=\"100\" height=\"6\"/><rect"
            + " class=\"fill\" width=\"{}\" height=\"6\"/></svg></span>",
        have,
        want,
        tone.name().toLowerCase(Locale.ROOT),
        width);
  }

  static String why(Condition condition) {
    return condition.message().isEmpty() ? condition.reason() : condition.message();
  }
}
