package dev.skep.cli.stack;

import dev.skep.deployer.task.TaskRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Tasks as lines of text. */
public final class TaskTable {
  private static final String GAP = "  ";

  private TaskTable() {}

  /**
   * A headline, and one line for each task; tasks before another of the same slot are marked.
   *
   * @param full whether to show ids, and the images' digests
   */
  static List<String> lines(List<TaskRow> rows, boolean full, Instant now) {
    List<List<String>> table = new ArrayList<>();
    List<String> head = new ArrayList<>();
    if (full) {
      head.add("ID");
    }
    head.addAll(List.of("NAME", "IMAGE", "NODE", "DESIRED", "CURRENT", "ERROR"));
    table.add(head);
    Set<String> places = new HashSet<>();
    for (TaskRow row : rows) {
      table.add(cells(row, !places.add(row.place()), full, now));
    }
    return aligned(table);
  }

  private static List<String> cells(TaskRow row, boolean older, boolean full, Instant now) {
    List<String> cells = new ArrayList<>();
    if (full) {
      cells.add(row.id());
    }
    cells.add((older ? " \\_ " : "") + row.name());
    cells.add(full ? row.image() : withoutDigest(row.image()));
    cells.add(row.node().isEmpty() ? "-" : row.node());
    cells.add(row.desired());
    cells.add(
        row.since() == null
            ? row.state()
            : row.state() + " " + Ages.of(Duration.between(row.since(), now)));
    cells.add(row.error());
    return cells;
  }

  private static String withoutDigest(String image) {
    int digest = image.indexOf("@sha256:");
    return digest < 0 ? image : image.substring(0, digest);
  }

  /** Lines whose columns begin at the same places. */
  public static List<String> aligned(List<List<String>> table) {
    int[] widths = new int[table.getFirst().size()];
    for (List<String> cells : table) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], cells.get(i).length());
      }
    }
    return table.stream().map(cells -> line(cells, widths)).toList();
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i);
      line.append(cell).append(" ".repeat(widths[i] - cell.length())).append(GAP);
    }
    return line.toString().stripTrailing();
  }
}
