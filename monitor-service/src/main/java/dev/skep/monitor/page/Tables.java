package dev.skep.monitor.page;

import static dev.skep.monitor.page.Cells.badge;
import static dev.skep.monitor.page.Cells.code;
import static dev.skep.monitor.page.Cells.ratio;
import static dev.skep.monitor.page.Cells.text;
import static dev.skep.monitor.page.Cells.withNote;

import dev.skep.model.cert.Certificate;
import dev.skep.model.cluster.Node;
import dev.skep.model.cluster.Service;
import dev.skep.model.edge.Backend;
import dev.skep.model.edge.EdgeStatus;
import dev.skep.model.edge.Route;
import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Stack;
import dev.skep.monitor.cluster.ServiceFacts;
import dev.skep.monitor.cluster.Snapshot;
import dev.skep.monitor.page.Cells.Tone;
import dev.skep.monitor.status.Conditions;
import dev.skep.monitor.status.Statuses;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The tables of the page, one per kind of thing. */
final class Tables {
  private final Messages words;
  private final Snapshot snapshot;
  private final Instant now;

  Tables(Messages words, Snapshot snapshot, Instant now) {
    this.words = words;
    this.snapshot = snapshot;
    this.now = now;
  }

  Html services() {
    Table table =
        new Table(
            words, "services", "name", "tasks", "health", "update", "restarts", "mode", "image");
    for (ServiceFacts f : snapshot.services()) {
      Service v = f.service();
      Tone tone = f.healthy() ? Tone.OK : f.tasks().effective() > 0 ? Tone.WARN : Tone.BAD;
      String state =
          f.healthy()
              ? "health.good"
              : f.updating()
                  ? "health.updating"
                  : "health." + (tone == Tone.BAD ? "down" : "short");
      String note =
          f.tasks().unplaceable() > 0
              ? words.get("health.unplaceable", f.tasks().unplaceable())
              : "";
      table.row(
          withNote(text(v.name()), v.stack()),
          ratio(f.tasks().effective(), v.desired(), tone),
          withNote(badge(tone, words.get(state)), note),
          update(v.updateStatus()),
          text(f.tasks().restarts()),
          text(words.of("mode", v.mode())),
          code(shortImage(v.image())));
    }
    return table.render();
  }

  Html nodes() {
    Table table =
        new Table(words, "nodes", "name", "role", "state", "availability", "capacity", "engine");
    for (Node n : snapshot.nodes()) {
      String role = words.of("role", n.role());
      Tone availability = n.availability() == Node.Availability.ACTIVE ? Tone.QUIET : Tone.WARN;
      table.row(
          withNote(text(n.hostname()), n.address()),
          withNote(text(role), n.leader() ? words.get("role.leader") : reachability(n)),
          badge(n.ready() ? Tone.OK : Tone.BAD, words.of("state", n.state())),
          badge(availability, words.of("availability", n.availability())),
          text(words.get("capacity.value", n.nanoCpus() / 1_000_000_000, gibibytes(n))),
          withNote(text(n.engineVersion()), n.os() + "/" + n.arch()));
    }
    return table.render();
  }

  Html routes() {
    Map<String, Backend> backends =
        snapshot.backends().stream().collect(Collectors.toMap(Backend::id, Function.identity()));
    Table table = new Table(words, "routes", "rule", "served", "servers", "tls", "service");
    for (Route r : snapshot.routes()) {
      Backend backend = r.backend() == null ? null : backends.get(r.backend());
      table.row(
          withNote(code(RuleText.of(r.rule())), r.id()),
          Cells.condition(words, Conditions.find(r.conditions(), Route.ACCEPTED).orElse(null)),
          servers(backend),
          r.tls() == null
              ? badge(Tone.QUIET, words.get("tls.none"))
              : withNote(badge(Tone.OK, "TLS"), r.tls().resolver()),
          text(r.service()));
    }
    return table.render();
  }

  Html certificates() {
    Table table = new Table(words, "certificates", "name", "ready", "expires", "renewal", "issuer");
    for (Certificate c : snapshot.certificates()) {
      String others =
          c.names().stream().filter(n -> !n.equals(c.name())).collect(Collectors.joining(", "));
      table.row(
          withNote(text(c.name()), others),
          Cells.condition(words, Conditions.find(c.conditions(), Certificate.READY).orElse(null)),
          Cells.time(words, c.notAfter(), now),
          Cells.time(words, c.renewAt(), now),
          text(c.issuer()));
    }
    return table.render();
  }

  Html stacks() {
    Table table = new Table(words, "stacks", "name", "applied", "revision", "deployment", "parts");
    for (Stack s : snapshot.stacks()) {
      Deployment last =
          snapshot.deployments().stream()
              .filter(d -> d.stack().equals(s.name()))
              .findFirst()
              .orElse(null);
      table.row(
          text(s.name()),
          held(s),
          ratio(s.observedRevision(), s.revision(), Statuses.applied(s) ? Tone.OK : Tone.WARN),
          last == null ? text("–") : deployment(last),
          text(String.join(", ", s.services())));
    }
    return table.render();
  }

  private Html held(Stack s) {
    if (Statuses.holds(s)) {
      return badge(Tone.OK, words.get("condition.Applied.true"));
    }
    String type = Statuses.applied(s) ? Stack.IN_SYNC : Stack.APPLIED;
    return withNote(
        badge(Tone.WARN, words.get("condition." + type + ".false")),
        Conditions.find(s.conditions(), type).map(Cells::why).orElse(""));
  }

  Html edges() {
    Table table =
        new Table(
            words, "edges", "name", "ready", "lag", "routes", "servers", "certificates", "reloads");
    for (EdgeStatus e : snapshot.edges()) {
      long lag = snapshot.lag(e);
      String refused = e.refused().isEmpty() ? "" : words.get("edges.refused", e.refused().size());
      table.row(
          withNote(text(e.edge()), e.proxy()),
          Cells.condition(words, Conditions.find(e.conditions(), Statuses.EDGE_READY).orElse(null)),
          badge(lag == 0 ? Tone.OK : Tone.WARN, words.get(lag == 0 ? "lag.none" : "lag.some", lag)),
          withNote(text(e.routes()), refused),
          text(e.servers()),
          text(e.certificates().size()),
          text(e.reloads()));
    }
    return table.render();
  }

  private Html deployment(Deployment d) {
    Tone tone =
        switch (d.phase()) {
          case SUCCEEDED -> Tone.OK;
          case FAILED -> Tone.BAD;
          case RUNNING -> Tone.QUIET;
        };
    return new Html()
        .add(badge(tone, words.of("phase", d.phase())))
        .add("<small>{}</small>", Cells.time(words, d.startedAt(), now));
  }

  private Html update(Service.UpdateStatus status) {
    if (status == null || status.state() == null) {
      return text("–");
    }
    Tone tone =
        status.state().endsWith("paused")
            ? Tone.BAD
            : status.state().startsWith("rollback") ? Tone.WARN : Tone.QUIET;
    return badge(tone, words.get("update." + status.state()));
  }

  private Html servers(Backend backend) {
    if (backend == null) {
      return text("–");
    }
    long ready = backend.servers().stream().filter(s -> s.state() == Backend.State.READY).count();
    return ratio(ready, backend.servers().size(), ready == 0 ? Tone.BAD : Tone.OK);
  }

  private String reachability(Node n) {
    return n.role() == Node.Role.MANAGER && n.reachability() != Node.Reachability.REACHABLE
        ? words.of("reachability", n.reachability())
        : "";
  }

  private static String gibibytes(Node n) {
    return Long.toString(Math.round(n.memoryBytes() / 1024.0 / 1024 / 1024));
  }

  /** Without the digest: it is 71 characters that nobody compares by eye. */
  private static String shortImage(String image) {
    int digest = image == null ? -1 : image.indexOf('@');
    return digest < 0 ? image : image.substring(0, digest);
  }
}
