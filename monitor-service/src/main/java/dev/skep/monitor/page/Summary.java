package dev.skep.monitor.page;

import dev.skep.monitor.page.Cells.Tone;
import dev.skep.monitor.status.Status;
import java.util.Locale;

/** The top of the page: what is stale, how much there is, and what needs attention. */
final class Summary {
  private final Messages words;
  private final Status status;

  Summary(Messages words, Status status) {
    this.words = words;
    this.status = status;
  }

  Html banner() {
    Html html = Html.of("<div id=\"banner\" role=\"status\">");
    if (!status.stale().isEmpty()) {
      html.add(
          "<p class=\"banner\"><strong>{}</strong> {}</p>",
          words.get("stale.title"),
          words.get("stale.text"));
    }
    return html.add("</div>\n");
  }

  Html tiles() {
    Status.Counts c = status.counts();
    Html html =
        Html.of("<nav id=\"tiles\" class=\"tiles\" aria-label=\"{}\">", words.get("tiles.title"));
    html.add(tile("nodes", c.nodesReady(), c.nodes(), words.get("tile.nodes")));
    html.add(tile("services", c.servicesHealthy(), c.services(), words.get("tile.services")));
    html.add(tile("services", c.tasksRunning(), c.tasksDesired(), words.get("tile.tasks")));
    html.add(tile("routes", c.routesAccepted(), c.routes(), words.get("tile.routes")));
    html.add(
        tile(
            "certificates",
            c.certificatesReady(),
            c.certificates(),
            words.get("tile.certificates")));
    html.add(tile("stacks", c.stacksApplied(), c.stacks(), words.get("tile.stacks")));
    html.add(tile("edges", c.edgesReady(), c.edges(), words.get("tile.edges")));
    html.add(
        tile(
            "nodes",
            status.quorum().reachable(),
            status.quorum().managers(),
            words.get("tile.quorum", Math.max(0, status.quorum().margin()))));
    return html.add("</nav>\n");
  }

  private static Html tile(String target, long good, long all, String label) {
    Tone tone = all == 0 ? Tone.QUIET : good >= all ? Tone.OK : good == 0 ? Tone.BAD : Tone.WARN;
    return Html.of(
        "<a class=\"tile {}\" href=\"#{}\"><span class=\"figure\">{}<span class=\"of\">/{}</span>"
            + "</span><span class=\"label\">{}</span></a>",
        tone.name().toLowerCase(Locale.ROOT),
        target,
        good,
        all,
        label);
  }

  Html attention() {
    Html items = new Html();
    if (status.quorum().managers() > 0 && status.quorum().margin() < 0) {
      item(items, Tone.BAD, "nodes", words.get("attention.quorum"), null);
    }
    status.stale().forEach(p -> item(items, Tone.BAD, null, p.name(), p.detail()));
    status
        .nodesNotReady()
        .forEach(
            n ->
                item(
                    items,
                    Tone.BAD,
                    "nodes",
                    words.get(
                        "attention.node",
                        n.hostname(),
                        words.get("state." + n.state().toUpperCase(Locale.ROOT))),
                    null));
    status.servicesUnhealthy().forEach(s -> service(items, s));
    status
        .routesNotAccepted()
        .forEach(
            p ->
                item(
                    items,
                    Tone.WARN,
                    "routes",
                    words.get("attention.route", p.id(), p.subject()),
                    why(p)));
    status
        .certificatesNotReady()
        .forEach(
            p ->
                item(
                    items,
                    Tone.WARN,
                    "certificates",
                    words.get("attention.certificate", p.id()),
                    why(p)));
    status
        .stacksNotApplied()
        .forEach(
            p -> item(items, Tone.WARN, "stacks", words.get("attention.stack", p.id()), why(p)));
    status.edges().stream()
        .filter(e -> !e.ready())
        .forEach(
            e ->
                item(
                    items,
                    Tone.BAD,
                    "edges",
                    words.get("attention.edge", e.edge()),
                    e.message().isEmpty() ? e.reason() : e.message()));
    boolean well = status.verdict() == Status.Verdict.OK;
    return Html.of(
        "<section id=\"attention\" class=\"card {}\" aria-labelledby=\"attention-title\"><h2"
            + " id=\"attention-title\">{}</h2>{}</section>\n",
        well ? "well" : "",
        words.get(well ? "attention.none" : "attention.title"),
        well ? new Html() : Html.of("<ul class=\"attention\">{}</ul>", items));
  }

  private void service(Html items, Status.ServiceProblem s) {
    String note = null;
    if (s.unplaceable() > 0) {
      note = words.get("health.unplaceable", s.unplaceable());
    } else if (s.update() != null && !s.update().equals("completed")) {
      note = words.get("update." + s.update());
    }
    item(
        items,
        s.running() == 0 ? Tone.BAD : Tone.WARN,
        "services",
        words.get("attention.service", s.name(), s.running(), s.desired()),
        note);
  }

  private static void item(Html items, Tone tone, String target, String text, String note) {
    Html inner =
        target == null ? Cells.text(text) : Html.of("<a href=\"#{}\">{}</a>", target, text);
    items.add(
        "<li class=\"{}\"><div>{}</div></li>\n",
        tone.name().toLowerCase(Locale.ROOT),
        Cells.withNote(inner, note));
  }

  private static String why(Status.Problem problem) {
    return problem.message().isEmpty() ? problem.reason() : problem.message();
  }
}
