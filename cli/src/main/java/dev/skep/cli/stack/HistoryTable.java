package dev.skep.cli.stack;

import dev.skep.deployer.heal.Heals;
import dev.skep.deployer.revision.Revisions;
import dev.skep.model.stack.Deployment.Phase;
import dev.skep.model.stack.Revision;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A stack's revisions as lines of text. */
final class HistoryTable {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private HistoryTable() {}

  /**
   * A headline, and one line for each revision.
   *
   * @param revisions newest first
   * @param zone in which times are told
   */
  static List<String> lines(List<Revision> revisions, ZoneId zone) {
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("REV", "WHEN", "BY", "OUTCOME", "WHAT", "SOURCE"));
    long good = Revisions.lastGood(revisions).map(Revision::number).orElse(0L);
    for (Revision revision : revisions) {
      table.add(cells(revision, Revisions.newest(revisions), good, zone));
    }
    table.replaceAll(cells -> cells.stream().map(PlanText::visible).toList());
    return TaskTable.aligned(table);
  }

  private static List<String> cells(Revision revision, long current, long good, ZoneId zone) {
    return List.of(
        Long.toString(revision.number()),
        time(revision.at(), zone),
        revision.by(),
        outcome(revision, current, good),
        what(revision),
        revision.source().text());
  }

  private static String time(Instant at, ZoneId zone) {
    return TIME.format(at.atZone(zone));
  }

  private static String outcome(Revision revision, long current, long good) {
    List<String> marks = new ArrayList<>();
    if (revision.number() == current) {
      marks.add("current");
    }
    if (revision.number() == good) {
      marks.add("last good");
    }
    String outcome = revision.phase().name().toLowerCase(Locale.ROOT);
    return marks.isEmpty() ? outcome : outcome + " (" + String.join(", ", marks) + ")";
  }

  private static String what(Revision revision) {
    List<String> what = new ArrayList<>();
    if (revision.removal()) {
      what.add("removal");
    }
    if (revision.rollbackOf() != 0) {
      what.add((Heals.is(revision) ? "heal of " : "rollback of ") + revision.rollbackOf());
    }
    if (revision.phase() == Phase.FAILED) {
      what.add(shortened(revision.error()));
    } else if (revision.summary() != null) {
      what.add(revision.summary().text());
    }
    return String.join("; ", what);
  }

  private static String shortened(String error) {
    return error.length() <= 100 ? error : error.substring(0, 97) + "...";
  }
}
