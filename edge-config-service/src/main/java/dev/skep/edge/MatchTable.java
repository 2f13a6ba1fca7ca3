package dev.skep.edge;

import dev.skep.edge.EntryPoint.Action;
import dev.skep.model.edge.Route;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Routes of one entry point as a table in which the longest key that starts {@code host + path}
 * (else: that starts {@code path}) names the route that Traefik would choose: the one of highest
 * priority among all that match.
 *
 * <p>A plain table of each route's own host and prefix would let the longest prefix win instead. So
 * the winner of each key is computed over every match that holds there too: shorter prefixes and
 * matches without a host. That is enough, because the matches that hold for a request are the
 * prefixes of one path: a chain, and between two of its links nothing changes.
 */
public final class MatchTable {
  private record Entry(RouteMatch match, Route route) {}

  // The first is the winner. Ties are settled by name, so that all edges agree.
  private static final Comparator<Route> BY_PRIORITY =
      Comparator.comparingLong(Route::priority).reversed().thenComparing(Route::id);

  private final Map<String, List<Entry>> byHost = new HashMap<>();
  private final List<Entry> anyHost = new ArrayList<>();

  private MatchTable() {}

  /** Keys to the winning routes. Deterministic; sorted by key. */
  public static SortedMap<String, Route> of(Collection<Route> routes, EntryPoint entryPoint) {
    MatchTable table = new MatchTable();
    for (Route route : routes) {
      if (entryPoint.action(route) != Action.NOTHING) {
        RouteMatch.of(route.rule()).forEach(m -> table.add(new Entry(m, route)));
      }
    }
    return table.compile();
  }

  private void add(Entry entry) {
    String host = entry.match().host();
    (host == null ? anyHost : byHost.computeIfAbsent(host, h -> new ArrayList<>())).add(entry);
  }

  private SortedMap<String, Route> compile() {
    SortedMap<String, Route> result = new TreeMap<>();
    compile(null, anyHost, result);
    byHost.forEach(
        (host, own) -> {
          List<Entry> all = new ArrayList<>(own);
          all.addAll(anyHost);
          compile(host, all, result);
        });
    return result;
  }

  private static void compile(String host, List<Entry> entries, SortedMap<String, Route> result) {
    Set<String> prefixes = new HashSet<>();
    entries.forEach(e -> prefixes.add(e.match().prefix()));
    for (String prefix : prefixes) {
      RouteMatch here = new RouteMatch(host, prefix);
      entries.stream()
          .filter(e -> here.within(e.match()))
          .map(Entry::route)
          .min(BY_PRIORITY)
          .ifPresent(winner -> result.put(here.key(), winner));
    }
    prune(host, prefixes, result);
  }

  /** Leaves out keys whose next shorter one leads to the same route: most of any-host's copies. */
  private static void prune(String host, Set<String> prefixes, SortedMap<String, Route> result) {
    List<String> longestFirst =
        prefixes.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
    for (String prefix : longestFirst) {
      String key = new RouteMatch(host, prefix).key();
      prefixes.stream()
          .filter(p -> p.length() < prefix.length() && prefix.startsWith(p))
          .max(Comparator.comparingInt(String::length))
          .map(p -> result.get(new RouteMatch(host, p).key()))
          .filter(shorter -> shorter.equals(result.get(key)))
          .ifPresent(shorter -> result.remove(key));
    }
  }
}
