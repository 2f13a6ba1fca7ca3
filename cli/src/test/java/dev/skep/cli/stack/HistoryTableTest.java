package dev.skep.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.model.stack.Deployment.Phase;
import dev.skep.model.stack.Revision;
import dev.skep.model.stack.Revision.Source;
import dev.skep.model.stack.Revision.Summary;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryTableTest {
  private static Revision revision(
      long number, String by, Source source, boolean removal, long back, String error) {
    return new Revision(
        "s",
        number,
        by.equals("heal") ? "heal-1" : "c",
        by,
        Instant.parse("2026-11-22T01:02:03Z"),
        source,
        removal,
        back,
        Map.of(),
        List.of(),
        error.isEmpty() ? Phase.SUCCEEDED : Phase.FAILED,
        error,
        null,
        new Summary(1, 2, 3, 0, 0, 0, List.of(), 0),
        List.of(),
        List.of());
  }

  private static List<String> lines(Revision... revisions) {
    return HistoryTable.lines(List.of(revisions), ZoneOffset.UTC);
  }

  @Test
  void tellsWhoWhenWhatAndFromWhereAndWhichIsCurrentAndWhichIsGood() {
    List<String> lines =
        lines(
            revision(3, "api", Source.of(List.of("a.yml", "b.yml")), false, 0, "service s_a: no"),
            revision(
                2,
                "git:app",
                new Source(List.of(), "https://host/app", "1234567890abcdef"),
                false,
                1,
                ""),
            revision(1, "api", Source.UNKNOWN, true, 0, ""));

    assertThat(lines)
        .containsExactly(
            "REV  WHEN                 BY       OUTCOME                WHAT"
                + "                                 SOURCE",
            "3    2026-11-22 01:02:03  api      failed (current)       service s_a: no"
                + "                      a.yml, b.yml",
            "2    2026-11-22 01:02:03  git:app  succeeded (last good)  rollback of 1; 1 created, 2"
                + " updated  https://host/app@12345678",
            "1    2026-11-22 01:02:03  api      succeeded              removal; 1 created, 2"
                + " updated");
  }

  @Test
  void aRestorationIsToldFromARollback() {
    assertThat(lines(revision(4, "heal", Source.UNKNOWN, false, 3, "")).getLast())
        .contains("heal of 3; 1 created, 2 updated")
        .doesNotContain("rollback");
  }

  @Test
  void nothingReachesTheTerminalAsACommandAndNoErrorFillsIt() {
    List<String> lines =
        lines(revision(1, "a\u001b[31m", Source.UNKNOWN, false, 0, "x".repeat(500)));

    assertThat(lines.getLast()).doesNotContain("\u001b").contains("a\\u001b[31m");
    assertThat(lines.getLast()).hasSizeLessThan(200);
  }
}
