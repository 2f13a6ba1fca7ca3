package dev.skep.monitor.page;

import java.util.List;

/**
 * A section with one table. Each row's first cell is its header. The roles are said outright,
 * because narrow screens show rows as cards, and a table that is displayed as blocks is no table to
 * a screen reader otherwise.
 */
final class Table {
  /** More rows than this help nobody on a page; the API has them all. */
  static final int MAX_ROWS = 500;

  private final Messages words;
  private final String id;
  private final List<String> columns;
  private final Html rows = new Html();
  private int total;

  /**
   * An empty one.
   *
   * @param id of the section: its title is the text {@code <id>.title}, and {@code /api/<id>} is
   *     where the rest can be had
   * @param columns keys of the columns' titles
   */
  Table(Messages words, String id, String... columns) {
    this.words = words;
    this.id = id;
    this.columns = List.of(columns);
  }

  void row(Html... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(id + " has " + columns.size() + " columns");
    }
    total++;
    if (total > MAX_ROWS) {
      return;
    }
    rows.add("<tr role=\"row\">");
    for (int i = 0; i < cells.length; i++) {
      if (i == 0) {
        rows.add("<th scope=\"row\" role=\"rowheader\">{}</th>", cells[i]);
      } else {
        rows.add(
            "<td role=\"cell\" data-label=\"{}\"><div class=\"cell\">{}</div></td>",
            words.get(columns.get(i)),
            cells[i]);
      }
    }
    rows.add("</tr>\n");
  }

  Html render() {
    Html html =
        Html.of(
            "<section id=\"{}\" class=\"card\" aria-labelledby=\"{}-title\"><h2 id=\"{}-title\">{}"
                + " <span class=\"count\">{}</span></h2>\n",
            id,
            id,
            id,
            words.get(id + ".title"),
            total);
    if (total == 0) {
      return html.add("<p class=\"empty\">{}</p></section>\n", words.get(id + ".none"));
    }
    html.add(
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"{}-title\"><table"
            + " role=\"table\"><thead role=\"rowgroup\"><tr role=\"row\">",
        id);
    for (String column : columns) {
      html.add("<th scope=\"col\" role=\"columnheader\">{}</th>", words.get(column));
    }
    html.add("</tr></thead>\n<tbody role=\"rowgroup\">{}</tbody></table></div>", rows);
    if (total > MAX_ROWS) {
      html.add(
          "<p class=\"empty\">{} <a href=\"/api/{}\">/api/{}</a></p>",
          words.get("more", total - MAX_ROWS),
          id,
          id);
    }
    return html.add("</section>\n");
  }
}
