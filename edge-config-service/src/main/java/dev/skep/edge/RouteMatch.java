package dev.skep.edge;

import dev.skep.model.edge.Rule;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One way in which a request can match a rule: its host and a prefix of its path. Every rule of
 * hosts and path prefixes, however nested, is a union of these.
 *
 * @param host null: any
 * @param prefix starts with a slash; {@code /} is any path
 */
public record RouteMatch(String host, String prefix) {
  /** Beyond this a rule is refused: And over Or multiplies. */
  public static final int MOST = 1024;

  private static final RouteMatch ANY = new RouteMatch(null, "/");

  /**
   * All matches of a rule; empty if no request can match.
   *
   * @throws IllegalArgumentException if there are more than {@link #MOST}
   */
  public static Set<RouteMatch> of(Rule rule) {
    return switch (rule) {
      case Rule.Host(String name) -> Set.of(new RouteMatch(name, "/"));
      case Rule.PathPrefix(String prefix) -> Set.of(new RouteMatch(null, prefix));
      case Rule.Or(List<Rule> rules) -> {
        Set<RouteMatch> all = new LinkedHashSet<>();
        rules.forEach(r -> all.addAll(of(r)));
        yield limited(all);
      }
      case Rule.And(List<Rule> rules) -> {
        Set<RouteMatch> all = Set.of(ANY);
        for (Rule r : rules) {
          all = product(all, of(r));
        }
        yield all;
      }
    };
  }

  /** Whether every request that this matches is matched by {@code other} too. */
  boolean within(RouteMatch other) {
    return (other.host == null || other.host.equals(host)) && prefix.startsWith(other.prefix);
  }

  /** What is looked up for it: the host directly followed by the path, or the path alone. */
  public String key() {
    return host == null ? prefix : host + prefix;
  }

  private static Set<RouteMatch> product(Set<RouteMatch> left, Set<RouteMatch> right) {
    Set<RouteMatch> all = new LinkedHashSet<>();
    for (RouteMatch a : left) {
      for (RouteMatch b : right) {
        if (a.host != null && b.host != null && !a.host.equals(b.host)) {
          continue;
        }
        String host = a.host == null ? b.host : a.host;
        // Two prefixes hold together only where one continues the other.
        if (a.prefix.startsWith(b.prefix)) {
          all.add(new RouteMatch(host, a.prefix));
        } else if (b.prefix.startsWith(a.prefix)) {
          all.add(new RouteMatch(host, b.prefix));
        }
      }
      limited(all);
    }
    return all;
  }

  private static Set<RouteMatch> limited(Set<RouteMatch> all) {
    if (all.size() > MOST) {
      throw new IllegalArgumentException(
          "the rule has more than " + MOST + " combinations of host and path: split it");
    }
    return all;
  }
}
