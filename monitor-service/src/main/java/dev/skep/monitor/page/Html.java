package dev.skep.monitor.page;

/** HTML in the making. What is put into a template is escaped, unless it is HTML itself. */
public final class Html {
  private final StringBuilder out = new StringBuilder();

  /** A piece from a template; see {@link #add}. */
  public static Html of(String template, Object... values) {
    return new Html().add(template, values);
  }

  /**
   * Adds {@code template}, each {@code {}} in it replaced by the next value.
   *
   * @param template a constant of ours, never something that came from outside
   * @param values escaped, but for those of this type; null adds nothing
   */
  public Html add(String template, Object... values) {
    int from = 0;
    for (Object value : values) {
      int at = template.indexOf("{}", from);
      if (at < 0) {
        throw new IllegalArgumentException("more values than places in " + template);
      }
      out.append(template, from, at);
      if (value instanceof Html html) {
        out.append(html.out);
      } else if (value != null) {
        escape(value.toString());
      }
      from = at + 2;
    }
    out.append(template, from, template.length());
    return this;
  }

  /** Adds a piece as it is. */
  public Html add(Html piece) {
    out.append(piece.out);
    return this;
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
