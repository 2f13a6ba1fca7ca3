package dev.skep.deployer.image.remote;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Reads the header {@code Retry-After}: seconds, or a time. */
final class RetryAfter {
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  /** Longer than registries count; nobody is put off for good. */
  private static final Duration LONGEST = Duration.ofHours(6);

  private RetryAfter() {}

  /** From 1 s to 6 h; {@code otherwise} where nothing can be read. */
  static Duration of(Optional<String> header, Instant now, Duration otherwise) {
    Duration wanted = header.flatMap(h -> read(h.strip(), now)).orElse(otherwise);
    if (wanted.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return wanted.compareTo(LONGEST) > 0 ? LONGEST : wanted;
  }

  private static Optional<Duration> read(String header, Instant now) {
    try {
      return Optional.of(
          header.matches("[0-9]{1,9}")
              ? Duration.ofSeconds(Long.parseLong(header))
              : Duration.between(
                  now,
                  ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant()));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
