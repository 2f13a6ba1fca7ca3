package dev.skep.runtime.life;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/** A log record as text. Pure. */
final class LogLine {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private LogLine() {}

  /**
   * The line, with its end; a stack trace adds lines.
   *
   * @param thrown may be null
   */
  static String format(
      Instant time,
      Level level,
      String logger,
      String message,
      List<KeyValuePair> pairs,
      Throwable thrown) {
    StringBuilder line = new StringBuilder(160);
    TIME.formatTo(time, line);
    line.append(' ').append(level).append(' ').append(simpleName(logger)).append(' ');
    line.append(oneLine(message));
    for (KeyValuePair pair : pairs) {
      line.append(' ').append(pair.key).append('=').append(value(pair.value));
    }
    line.append('\n');
    if (thrown != null) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace, true));
      line.append(trace);
    }
    return line.toString();
  }

  private static String simpleName(String logger) {
    return logger.substring(logger.lastIndexOf('.') + 1);
  }

  /** Quoted where it would not read as one word. */
  private static String value(Object value) {
    String text = String.valueOf(value);
    boolean plain =
        !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c != '"' && c != '=' && c != 127);
    return plain ? text : '"' + oneLine(text).replace("\"", "\\\"") + '"';
  }

  /** Input must not be able to write lines of its own into the log. */
  private static String oneLine(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.chars()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> clean.append("\\n");
                case '\r' -> clean.append("\\r");
                case '\t' -> clean.append("\\t");
                default -> clean.append(Character.isISOControl(c) ? '?' : (char) c);
              }
            });
    return clean.toString();
  }
}
