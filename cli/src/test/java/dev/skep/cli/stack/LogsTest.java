package dev.skep.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.cli.CliException;
import dev.skep.engine.LogLine;
import dev.skep.engine.LogLine.Source;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @CsvSource({
    "90s, 2026-03-01T11:58:30Z",
    "1h30m, 2026-03-01T10:30:00Z",
    "2d, 2026-02-27T12:00:00Z",
    "2026-02-28, 2026-02-27T23:00:00Z",
    "2026-02-28T18:00:00, 2026-02-28T17:00:00Z",
    "2026-02-28T18:00:00Z, 2026-02-28T18:00:00Z",
    "2026-02-28T18:00:00+02:00, 2026-02-28T16:00:00Z"
  })
  void aPointInTimeIsALengthOrATime(String value, Instant expected) {
    assertThat(Since.parse(value, NOW, ZONE)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "-5m", "yesterday", "2026-13-01", "5m ", "1h 30m"})
  void whatIsNoTimeIsMetWithWhatCanBeWritten(String value) {
    assertThatThrownBy(() -> Since.parse(value, NOW, ZONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + value + "'")
        .hasMessageContaining("10m");
  }

  @Test
  void aTailIsANumberOrAll() {
    assertThat(LogsCommand.tail("all")).isEqualTo(-1);
    assertThat(LogsCommand.tail("0")).isZero();
    assertThatThrownBy(() -> LogsCommand.tail("-1"))
        .isInstanceOfSatisfying(CliException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
        .hasMessageContaining("'-1'");
  }

  @Test
  void linesGoToTheirStreamWithTheirWriterInFront() {
    // Given
    LogOutput output = output(List.of());

    // When
    output.line("web", "web.1@alpha", line(Source.STDOUT, "gr\u00fc\u00dfe"));
    output.line("db", "db.1@b", new LogLine(Source.STDERR, "2026", "t", "n", "oops"));
    output.warn("db cannot be read");

    // Then
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("web.1@alpha | gr\u00fc\u00dfe\n");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("db.1@b      | 2026 oops\nwarning: db cannot be read\n");
  }

  @Test
  void eachServiceHasAColourOfItsOwn() {
    // Given
    LogOutput output = output(List.of("db", "web"));

    // When
    output.line("web", "web.1@alpha", line(Source.STDOUT, "hello"));

    // Then
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("\u001b[33mweb.1@alpha | \u001b[0mhello\n");
  }

  @Test
  void aClosedPipeIsNoticed() {
    // Given
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("broken pipe");
          }
        };
    PrintStream stream = new PrintStream(broken, false, StandardCharsets.UTF_8);
    LogOutput output = new LogOutput(stream, stream, List.of(), 0);

    // Then
    assertThat(output.line("web", "web.1@alpha", line(Source.STDOUT, "hello"))).isFalse();
  }

  private LogOutput output(List<String> coloured) {
    return new LogOutput(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        coloured,
        11);
  }

  private static LogLine line(Source source, String text) {
    return new LogLine(source, "", "t", "n", text);
  }
}
