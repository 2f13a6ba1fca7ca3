package dev.skep.edgeconfig.routing;

import dev.skep.model.edge.Rule;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One way to match a rule: a host and a path prefix. A rule is the union of its matches, whatever
 * the parentheses it was written with.
 *
 * @param host null: any
 * @param path {@code /}: any
 */
record Match(String host, String path) {
  /** More alternatives than anyone writes by hand; and each is an entry in an edge's maps. */
  static final int MOST = 1024;

  private static final Match ANY = new Match(null, "/");

  /** A rule that has more than {@link #MOST} matches. */
  static final class TooManyException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /**
   * All matches of a rule, in the order in which it names them; empty if nothing can match.
   *
   * @throws TooManyException beyond {@link #MOST}
   */
  static Set<Match> of(Rule rule) throws TooManyException {
    return switch (rule) {
      case Rule.Host(String name) -> Set.of(new Match(name, "/"));
      case Rule.PathPrefix(String prefix) -> Set.of(new Match(null, prefix));
      case Rule.Or(List<Rule> rules) -> {
        Set<Match> all = new LinkedHashSet<>();
        for (Rule r : rules) {
          all.addAll(of(r));
          limit(all);
        }
        yield all;
      }
      case Rule.And(List<Rule> rules) -> {
        Set<Match> all = Set.of(ANY);
        for (Rule r : rules) {
          all = both(all, of(r));
        }
        yield all;
      }
    };
  }

  private static Set<Match> both(Set<Match> left, Set<Match> right) throws TooManyException {
    Set<Match> all = new LinkedHashSet<>();
    for (Match a : left) {
      for (Match b : right) {
        Match m = a.and(b);
        if (m != null) {
          all.add(m);
          limit(all);
        }
      }
    }
    return all;
  }

  private static void limit(Set<Match> all) throws TooManyException {
    if (all.size() > MOST) {
      throw new TooManyException();
    }
  }

  /** Null if no request matches both. */
  private Match and(Match other) {
    if (host != null && other.host != null && !host.equals(other.host)) {
      return null;
    }
    String both = host == null ? other.host : host;
    // Of two prefixes both hold only where one continues the other: then the longer one says all.
    if (path.startsWith(other.path)) {
      return new Match(both, path);
    }
    return other.path.startsWith(path) ? new Match(both, other.path) : null;
  }

  @Override
  public String toString() {
    return (host == null ? "any host" : host) + (path.equals("/") ? "" : path);
  }
}
