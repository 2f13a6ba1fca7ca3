package dev.skep.cli.stack;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/**
 * A point in time as an option's value: how long ago ({@code 90s}, {@code 1h30m}), a date, or a
 * date and time of this machine's zone or of a named offset.
 */
final class Since implements CommandLine.ITypeConverter<Instant> {
  private static final Pattern LENGTH = Pattern.compile("(\\d{1,9}(ms|s|m|h|d))+");
  private static final Pattern PART = Pattern.compile("(?<n>\\d+)(?<unit>ms|s|m|h|d)");

  @Override
  public Instant convert(String value) {
    try {
      return parse(value, Instant.now(), ZoneId.systemDefault());
    } catch (IllegalArgumentException e) {
      throw new CommandLine.TypeConversionException(e.getMessage());
    }
  }

  /**
   * Reads a point in time.
   *
   * @throws IllegalArgumentException saying what can be written
   */
  static Instant parse(String value, Instant now, ZoneId zone) {
    if (LENGTH.matcher(value).matches()) {
      return now.minus(length(value));
    }
    List<Supplier<Instant>> forms =
        List.of(
            () -> OffsetDateTime.parse(value).toInstant(),
            () -> LocalDateTime.parse(value).atZone(zone).toInstant(),
            () -> LocalDate.parse(value).atStartOfDay(zone).toInstant());
    for (Supplier<Instant> form : forms) {
      try {
        return form.get();
      } catch (DateTimeParseException e) {
        // Another form, then.
      } catch (DateTimeException e) {
        break;
      }
    }
    throw new IllegalArgumentException(
        "'%s' is no time: write how long ago, as 10m or 1h30m, or when, as 2026-03-01, 2026-03-01T18:00:00 or 2026-03-01T18:00:00Z"
            .formatted(value));
  }

  private static Duration length(String value) {
    Duration length = Duration.ZERO;
    Matcher part = PART.matcher(value);
    while (part.find()) {
      long n = Long.parseLong(part.group("n"));
      length =
          length.plus(
              switch (part.group("unit")) {
                case "ms" -> Duration.ofMillis(n);
                case "s" -> Duration.ofSeconds(n);
                case "m" -> Duration.ofMinutes(n);
                case "h" -> Duration.ofHours(n);
                default -> Duration.ofDays(n);
              });
    }
    return length;
  }
}
