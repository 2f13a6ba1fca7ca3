package dev.skep.edgeconfig.routing;

import dev.skep.edgeconfig.labels.LabelProblem;
import dev.skep.edgeconfig.labels.MiddlewareLabels;
import dev.skep.edgeconfig.labels.Names;
import dev.skep.edgeconfig.labels.Reason;
import dev.skep.model.Condition;
import dev.skep.model.edge.Route;
import dev.skep.model.edge.RoutingEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * One service's turn: its load balancers and middlewares take their names, then each router its
 * name, and what it serves if nothing is wrong with it.
 */
final class Settlement {
  /** Says that a served route has labels that are not honoured. Absent if all are. */
  static final String HONOURED = "Honoured";

  private final ServiceRoutes asked;
  private final Claims.Turn turn;
  private final Function<String, Route> previous;
  private final Instant now;
  private final Map<String, RoutingEntry> entries = new LinkedHashMap<>();
  private final Map<String, Holder> takenBackends = new HashMap<>();
  private final Map<String, Holder> takenMiddlewares = new HashMap<>();
  private final Map<String, MiddlewareLabels> ownMiddlewares = new HashMap<>();
  private Set<String> lookAgain = Set.of();

  private Settlement(
      ServiceRoutes asked, Claims.Turn turn, Function<String, Route> previous, Instant now) {
    this.asked = asked;
    this.turn = turn;
    this.previous = previous;
    this.now = now;
  }

  /**
   * Gives the service its turn.
   *
   * @param previous the route of that id until now, for its conditions' times; null for none
   */
  static Settlement of(
      ServiceRoutes asked, Claims claims, Function<String, Route> previous, Instant now) {
    Settlement s =
        new Settlement(asked, claims.turn(asked.serviceId(), asked.service()), previous, now);
    asked.backends().forEach(s::backend);
    asked.middlewares().forEach(s::middleware);
    asked.routes().forEach(s::route);
    asked.layer4().forEach(s::layer4);
    if (!asked.problems().isEmpty()) {
      s.refuse("@" + Names.keyPart(asked.service()), asked.problems());
    }
    s.lookAgain = s.turn.end();
    return s;
  }

  /** What the service has in the table from now on. */
  Collection<RoutingEntry> entries() {
    return entries.values();
  }

  /** The other services that are touched by this, in the order of their turns. */
  Set<String> lookAgain() {
    return lookAgain;
  }

  private void put(RoutingEntry entry) {
    entries.put(entry.key(), entry);
  }

  private void backend(BackendDraft draft) {
    Holder taken =
        turn.take(
            new Claim.BackendName(draft.name()),
            null,
            new Holder.LoadBalancer(draft.problems(), draft.ignored()));
    if (taken != null) {
      takenBackends.put(draft.name(), taken);
    } else if (draft.backend() != null) {
      put(draft.backend());
    }
  }

  private void middleware(MiddlewareLabels middleware) {
    ownMiddlewares.put(middleware.name(), middleware);
    Holder taken = turn.define(middleware);
    if (taken != null) {
      takenMiddlewares.put(middleware.name(), taken);
    }
  }

  private void route(RouteDraft draft) {
    List<LabelProblem> problems = new ArrayList<>(draft.problems());
    List<String> ignored = new ArrayList<>(draft.ignored());
    String id = id(draft, problems);
    backendOf(draft, problems, ignored);
    boolean redirect = middlewaresOf(draft, problems, ignored);
    if (problems.isEmpty()) {
      serve(draft, redirect, problems);
    }
    put(
        new Route(
            id,
            asked.serviceId(),
            asked.service(),
            draft.rule(),
            draft.priority(),
            draft.entryPoints(),
            draft.tls(),
            redirect,
            draft.backend(),
            conditions(id, problems, ignored)));
  }

  /** The router's name if it is this service's; else one that cannot meet another. */
  private String id(RouteDraft draft, List<LabelProblem> problems) {
    boolean valid = problems.stream().noneMatch(p -> p.reason() == Reason.INVALID_NAME);
    if (valid) {
      Holder taken =
          turn.take(new Claim.RouterName(draft.name()), draft.name(), Holder.Nothing.NOTHING);
      if (taken == null) {
        return draft.name();
      }
      problems.add(
          new LabelProblem(
              Reason.ROUTER_NAME_TAKEN,
              "router '%s' is there already, of service '%s': choose another name"
                  .formatted(draft.name(), taken.service())));
    }
    return Names.keyPart(draft.name()) + "@" + Names.keyPart(asked.service());
  }

  private void backendOf(RouteDraft draft, List<LabelProblem> problems, List<String> ignored) {
    if (draft.backend() == null) {
      return;
    }
    Holder taken = takenBackends.get(draft.backend());
    if (taken != null) {
      problems.add(
          new LabelProblem(
              Reason.SERVICE_NAME_TAKEN,
              "traefik.http.services.%s is there already, of service '%s': choose another name"
                  .formatted(draft.backend(), taken.service())));
      return;
    }
    Holder holder = turn.lookUp(new Claim.BackendName(draft.backend()));
    if (holder != null
        && holder.content()
            instanceof Holder.LoadBalancer(List<LabelProblem> wrong, List<String> left)) {
      problems.addAll(wrong);
      ignored.addAll(left);
    } else {
      problems.add(
          new LabelProblem(
              Reason.UNKNOWN_SERVICE,
              "router '%s' leads to the service '%s', which no labels define: add traefik.http.services.%s.loadbalancer.server.port"
                  .formatted(
                      draft.name(),
                      Names.keyPart(draft.backend()),
                      Names.keyPart(draft.backend()))));
    }
  }

  /** Whether one of the router's middlewares is the redirect to https. */
  private boolean middlewaresOf(
      RouteDraft draft, List<LabelProblem> problems, List<String> ignored) {
    boolean redirect = false;
    for (String name : draft.middlewares()) {
      Holder taken = takenMiddlewares.get(name);
      if (taken != null) {
        problems.add(
            new LabelProblem(
                Reason.MIDDLEWARE_NAME_TAKEN,
                "middleware '%s' is defined otherwise by service '%s': make them equal, or choose another name"
                    .formatted(Names.keyPart(name), taken.service())));
        continue;
      }
      MiddlewareLabels middleware = ownMiddlewares.get(name);
      Holder holder = turn.lookUp(new Claim.MiddlewareName(name));
      if (middleware == null
          && holder != null
          && holder.content() instanceof Holder.Middleware(MiddlewareLabels theirs)) {
        middleware = theirs;
      }
      if (middleware == null) {
        problems.add(
            new LabelProblem(
                Reason.UNKNOWN_MIDDLEWARE,
                "router '%s' uses the middleware '%s', which no labels define"
                    .formatted(draft.name(), Names.keyPart(name))));
        continue;
      }
      problems.addAll(middleware.problems());
      ignored.addAll(middleware.ignored());
      redirect |= middleware.redirectToHttps();
    }
    return redirect;
  }

  /** All that the rule matches, or nothing: half a rule would serve what nobody asked for. */
  private void serve(RouteDraft draft, boolean redirect, List<LabelProblem> problems) {
    List<Claim.Served> claims = new ArrayList<>();
    for (String entryPoint : EntryPoints.held(draft.entryPoints(), redirect)) {
      draft.matches().forEach(match -> claims.add(new Claim.Served(entryPoint, match)));
    }
    Map<String, Claim.Served> taken = new LinkedHashMap<>();
    for (Claim.Served claim : claims) {
      Holder other = turn.other(claim);
      if (other != null) {
        taken.putIfAbsent(
            "router '%s' of service '%s'".formatted(other.router(), other.service()), claim);
      }
    }
    taken.forEach(
        (who, claim) ->
            problems.add(
                new LabelProblem(
                    Reason.RULE_TAKEN,
                    "%s on %s is served already by %s: this route is served once that one lets go"
                        .formatted(claim.match(), claim.entryPoint(), who))));
    if (taken.isEmpty()) {
      claims.forEach(claim -> turn.take(claim, draft.name(), Holder.Nothing.NOTHING));
    }
  }

  private void layer4(String router) {
    refuse(
        Names.keyPart(router) + "@" + Names.keyPart(asked.service()),
        List.of(
            new LabelProblem(
                Reason.UNSUPPORTED_PROTOCOL,
                "TCP and UDP are not supported yet: publish the port of the service instead")));
  }

  /** A route that stands for labels that make none, so that their problem can be seen. */
  private void refuse(String id, List<LabelProblem> problems) {
    put(
        new Route(
            id,
            asked.serviceId(),
            asked.service(),
            null,
            0,
            RoutingOptions.DEFAULT_ENTRY_POINTS,
            null,
            false,
            null,
            conditions(id, problems, List.of())));
  }

  private List<Condition> conditions(String id, List<LabelProblem> problems, List<String> ignored) {
    List<Condition> before = new ArrayList<>();
    Route old = previous.apply(id);
    // Another service's route of this id is another route.
    if (old != null && old.serviceId().equals(asked.serviceId())) {
      before.addAll(old.conditions());
    }
    Set<String> left = new LinkedHashSet<>(ignored);
    if (left.isEmpty()) {
      before.removeIf(c -> c.type().equals(HONOURED));
    }
    List<Condition> result =
        Condition.with(
            before,
            problems.isEmpty()
                ? Condition.isTrue(Route.ACCEPTED, Reason.ACCEPTED.word(), "", now)
                : Condition.isFalse(
                    Route.ACCEPTED, problems.getFirst().reason().word(), message(problems), now));
    if (left.isEmpty()) {
      return result;
    }
    return Condition.with(
        result,
        Condition.isFalse(
            HONOURED,
            Reason.OPTIONS_IGNORED.word(),
            "served without these labels, which are not supported yet: " + String.join(", ", left),
            now));
  }

  private static String message(List<LabelProblem> problems) {
    return String.join("; ", problems.stream().map(LabelProblem::message).distinct().toList());
  }
}
