package dev.skep.monitor.page;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.ResourceBundle;

/** The page's words in one language. */
public final class Messages {
  /** The languages that there are; the first is the one for everyone else. */
  public static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, Locale.FRENCH);

  private final Locale language;
  private final ResourceBundle bundle;

  private Messages(Locale language) {
    this.language = language;
    this.bundle =
        ResourceBundle.getBundle(
            "dev.skep.monitor.page.messages",
            language,
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
  }

  /** In this language, which is one of {@link #LANGUAGES}. */
  public static Messages in(Locale language) {
    return new Messages(language);
  }

  /**
   * In the language that was asked for, else in the best one that the browser takes.
   *
   * @param asked a language tag such as {@code fr}; null if none was asked for
   * @param acceptLanguage the request's header; null if it has none
   */
  public static Messages choose(String asked, String acceptLanguage) {
    for (Locale language : LANGUAGES) {
      if (language.getLanguage().equals(asked)) {
        return in(language);
      }
    }
    if (acceptLanguage != null) {
      try {
        Locale best = Locale.lookup(Locale.LanguageRange.parse(acceptLanguage), LANGUAGES);
        if (best != null) {
          return in(best);
        }
      } catch (IllegalArgumentException e) {
        // A header that cannot be read asks for nothing in particular.
      }
    }
    return in(LANGUAGES.get(0));
  }

  /** The language tag: {@code en}. */
  public String tag() {
    return language.toLanguageTag();
  }

  /**
   * A text, with {@code {0}}, {@code {1}} replaced. A key that is missing is shown as it is: the
   * model may know a state that these words do not.
   */
  public String get(String key, Object... values) {
    String text;
    try {
      text = bundle.getString(key);
    } catch (MissingResourceException e) {
      return key.substring(key.lastIndexOf('.') + 1);
    }
    for (int i = 0; i < values.length; i++) {
      text = text.replace("{" + i + "}", String.valueOf(values[i]));
    }
    return text;
  }

  /** A constant's name in this language: {@code state.READY}. */
  public String of(String kind, Enum<?> constant) {
    return constant == null ? "?" : get(kind + "." + constant.name());
  }

  /** How far away a moment is, in its largest unit. */
  public String relative(Instant time, Instant now) {
    Duration d = Duration.between(now, time);
    String amount = amount(d.abs());
    return get(d.isNegative() ? "time.past" : "time.future", amount);
  }

  private String amount(Duration d) {
    if (d.toDays() >= 2) {
      return get("time.days", d.toDays());
    }
    if (d.toHours() >= 2) {
      return get("time.hours", d.toHours());
    }
    return d.toMinutes() >= 2
        ? get("time.minutes", d.toMinutes())
        : get("time.seconds", d.toSeconds());
  }
}
