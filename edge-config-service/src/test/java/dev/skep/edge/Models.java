package dev.skep.edge;

import dev.skep.model.Condition;
import dev.skep.model.edge.Backend;
import dev.skep.model.edge.Route;
import dev.skep.model.edge.Rule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Routes and backends for tests. */
public final class Models {
  public static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private Models() {}

  public static Rule host(String name) {
    return new Rule.Host(name);
  }

  public static Rule path(String prefix) {
    return new Rule.PathPrefix(prefix);
  }

  public static Rule and(Rule... rules) {
    return new Rule.And(List.of(rules));
  }

  public static Rule or(Rule... rules) {
    return new Rule.Or(List.of(rules));
  }

  /** A plain route on web, to the backend of the same name. */
  public static Route web(String id, long priority, Rule rule) {
    return route(id, priority, rule, List.of("web"), null, false, id);
  }

  /** A route with TLS on websecure. */
  public static Route secure(String id, Rule rule) {
    return route(id, 10, rule, List.of("websecure"), new Route.Tls(null, List.of()), false, id);
  }

  public static Route route(
      String id,
      long priority,
      Rule rule,
      List<String> entryPoints,
      Route.Tls tls,
      boolean redirect,
      String backend) {
    return new Route(
        id,
        "service-" + id,
        id,
        rule,
        priority,
        entryPoints,
        tls,
        redirect,
        backend,
        List.of(Condition.isTrue(Route.ACCEPTED, "Accepted", "", NOW)));
  }

  public static Backend backend(String id, Backend.Server... servers) {
    return new Backend(id, "service-" + id, "http", true, List.of(servers));
  }

  public static Backend.Server ready(String id, int port) {
    return new Backend.Server(id, "127.0.0.1", port, Backend.State.READY);
  }

  public static Backend.Server drain(String id, int port) {
    return new Backend.Server(id, "127.0.0.1", port, Backend.State.DRAIN);
  }

  public static EdgeModel model(Object... entries) {
    Map<String, Route> routes = new HashMap<>();
    Map<String, Backend> backends = new HashMap<>();
    for (Object entry : new ArrayList<>(List.of(entries))) {
      switch (entry) {
        case Route r -> routes.put(r.id(), r);
        case Backend b -> backends.put(b.id(), b);
        default -> throw new IllegalArgumentException(entry.toString());
      }
    }
    return EdgeModel.of(routes, backends, Map.of(), Map.of());
  }
}
