package dev.skep.monitor.page;

import dev.skep.monitor.cluster.Snapshot;
import dev.skep.monitor.status.Status;
import java.util.Locale;

/** The first page and the login. */
public final class Page {
  private static final String LOGO =
      "<svg class=\"logo\" viewBox=\"0 0 32 32\" aria-hidden=\"true\"><path d=\"M16 3c-5 0-9 4-10"
          + " 9h20c-1-5-5-9-10-9z\"/><path d=\"M5 14h22l1 6H4z\"/><path d=\"M4 22h24v4a3 3 0 0 1-3"
          + " 3h-5v-2a4 4 0 0 0-8 0v2H7a3 3 0 0 1-3-3z\"/></svg>";

  private Page() {}

  /** The whole page. */
  public static String full(Messages words, Snapshot snapshot, Status status) {
    Html body =
        Html.of(
            "<header class=\"top\"><a class=\"brand\" href=\"/\">"
                + LOGO
                + "<span>Skep</span></a><p id=\"connection\" class=\"connection\" role=\"status\""
                + " data-live=\"{}\" data-lost=\"{}\"></p>{}<form method=\"post\""
                + " action=\"/logout\"><button>{}</button></form></header>\n",
            words.get("live.on"),
            words.get("live.lost"),
            languages(words),
            words.get("logout"));
    body.add("<main id=\"content\" tabindex=\"-1\">{}</main>\n", content(words, snapshot, status));
    body.add(
        "<footer><a href=\"/metrics\">{}</a> <a href=\"/api/status\">/api/status</a></footer>\n",
        words.get("metrics"));
    return document(words, "Skep", "console", body);
  }

  /** What changes: the page's script asks for this again when something happened. */
  public static Html content(Messages words, Snapshot snapshot, Status status) {
    Summary summary = new Summary(words, status);
    Tables tables = new Tables(words, snapshot, status.time());
    return Html.of("<h1 class=\"sr-only\">{}</h1>\n", words.get("title"))
        .add(summary.banner())
        .add(summary.tiles())
        .add(summary.attention())
        .add(tables.services())
        .add(tables.nodes())
        .add(tables.routes())
        .add(tables.certificates())
        .add(tables.stacks())
        .add(tables.edges());
  }

  /**
   * The login.
   *
   * @param error key of the text that says why the last attempt failed; null if there was none
   */
  public static String login(Messages words, String error) {
    Html form =
        Html.of(
            "<main id=\"content\" class=\"login\" tabindex=\"-1\"><form class=\"card\""
                + " method=\"post\" action=\"/login\"><h1>"
                + LOGO
                + "Skep</h1><p>{}</p>",
            words.get("login.text"));
    if (error != null) {
      form.add("<p class=\"error\" role=\"alert\" id=\"error\">{}</p>", words.get(error));
    }
    form.add(
        // The hidden name is for password managers: without one, none offers to remember.
        "<input type=\"text\" name=\"username\" value=\"skep\" autocomplete=\"username\" hidden>"
            + "<label for=\"token\">{}</label><input id=\"token\" name=\"token\" type=\"password\""
            + " autocomplete=\"current-password\" required autofocus{}><button"
            + " class=\"primary\">{}</button>{}</form></main>\n",
        words.get("login.token"),
        error == null ? new Html() : Html.of(" aria-invalid=\"true\" aria-describedby=\"error\""),
        words.get("login.go"),
        languages(words));
    return document(words, "Skep – " + words.get("login.go"), "login-page", form);
  }

  private static Html languages(Messages words) {
    Html html = Html.of("<nav class=\"languages\" aria-label=\"{}\">", words.get("language"));
    for (Locale language : Messages.LANGUAGES) {
      String tag = language.toLanguageTag();
      html.add(
          "<a href=\"?lang={}\" lang=\"{}\" hreflang=\"{}\" title=\"{}\"{}>{}</a>",
          tag,
          tag,
          tag,
          language.getDisplayLanguage(language),
          tag.equals(words.tag()) ? Html.of(" aria-current=\"true\"") : new Html(),
          tag.toUpperCase(Locale.ROOT));
    }
    return html.add("</nav>");
  }

  private static String document(Messages words, String title, String kind, Html body) {
    Html script =
        kind.equals("console")
            ? Html.of("<script type=\"module\" src=\"/assets/skep.js\"></script>\n")
            : new Html();
    return Html.of(
            """
            <!doctype html>
            <html lang="{}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{}</title>
            <link rel="icon" href="/assets/skep.svg" type="image/svg+xml">
            <link rel="stylesheet" href="/assets/skep.css">
            {}</head>
            <body class="{}">
            <a class="skip" href="#content">{}</a>
            {}</body>
            </html>
            """,
            words.tag(),
            title,
            script,
            kind,
            words.get("skip"),
            body)
        .toString();
  }
}
