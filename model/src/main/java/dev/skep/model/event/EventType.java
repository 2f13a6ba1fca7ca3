package dev.skep.model.event;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The CloudEvents {@code type} of an event: {@code dev.skep.<entity>.<what>.v<version>}.
 *
 * @param entity what the event is about: {@code service}
 * @param what what became of it: {@code updated}
 * @param version of the data's shape, from 1
 */
public record EventType(String entity, String what, int version) {
  private static final Pattern FORM =
      Pattern.compile("dev\\.skep\\.([a-z][a-z0-9-]*)\\.([a-z][a-z0-9-]*)\\.v([1-9][0-9]{0,3})");

  public EventType {
    if (!FORM.matcher(format(entity, what, version)).matches()) {
      throw new IllegalArgumentException(
          "event type " + format(entity, what, version) + " is not of the form " + FORM);
    }
  }

  /**
   * Reads a CloudEvents type.
   *
   * @throws IllegalArgumentException if it is none of ours
   */
  public static EventType parse(String type) {
    Matcher m = FORM.matcher(type == null ? "" : type);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "unknown event type '" + type + "', expected dev.skep.<entity>.<what>.v<version>");
    }
    return new EventType(m.group(1), m.group(2), Integer.parseInt(m.group(3)));
  }

  @Override
  public String toString() {
    return format(entity, what, version);
  }

  private static String format(String entity, String what, int version) {
    return String.format(Locale.ROOT, "dev.skep.%s.%s.v%d", entity, what, version);
  }
}
