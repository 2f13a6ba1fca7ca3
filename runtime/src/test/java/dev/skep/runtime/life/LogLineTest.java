package dev.skep.runtime.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

class LogLineTest {
  private static final Instant TIME = Instant.parse("2026-03-04T05:06:07.008Z");

  @Test
  void pairsFollowTheMessage() {
    String line =
        format(
            "Route accepted", new KeyValuePair("service", "web"), new KeyValuePair("servers", 3));

    assertThat(line)
        .isEqualTo("2026-03-04T05:06:07.008Z INFO Main Route accepted service=web servers=3\n");
  }

  @Test
  void whatIsNotOneWordIsQuoted() {
    String line = format("Refused", new KeyValuePair("reason", "no \"rule\""));

    assertThat(line).endsWith("Refused reason=\"no \\\"rule\\\"\"\n");
  }

  @Test
  void inputCannotWriteLinesOfItsOwn() {
    String line = format("Label\nFORGED", new KeyValuePair("value", "a\r\n2026 ERROR \u001b[31m"));

    assertThat(line.lines()).hasSize(1);
    assertThat(line).contains("Label\\nFORGED", "a\\r\\n2026 ERROR ?[31m");
  }

  @Test
  void aStackTraceFollows() {
    String line =
        LogLine.format(
            TIME, Level.WARN, "x.Y", "Failed", List.of(), new IllegalStateException("why"));

    assertThat(line).startsWith("2026-03-04T05:06:07.008Z WARN Y Failed\n");
    assertThat(line).contains("java.lang.IllegalStateException: why\n\tat ");
  }

  private static String format(String message, KeyValuePair... pairs) {
    return LogLine.format(
        TIME, Level.INFO, "dev.skep.runtime.life.Main", message, List.of(pairs), null);
  }
}
