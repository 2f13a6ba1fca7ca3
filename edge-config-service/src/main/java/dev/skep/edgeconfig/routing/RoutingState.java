package dev.skep.edgeconfig.routing;

import dev.skep.model.edge.Backend;
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

/**
 * The table that is being served, kept service by service: a change of one service costs that
 * service's work and that of the few who wait for what it lets go. Not safe for concurrent use.
 *
 * <p>A change is settled, then published, then committed. Where publishing fails, settling again
 * gives the same change again.
 */
public final class RoutingState {
  /**
   * What became of one service's entries.
   *
   * @param put new and changed ones
   * @param removed keys of those that are gone
   */
  public record Change(String serviceId, List<RoutingEntry> put, List<String> removed) {
    /** Whether there is nothing to publish. */
    public boolean isEmpty() {
      return put.isEmpty() && removed.isEmpty();
    }
  }

  private final Claims claims;
  private final Map<String, RoutingEntry> entries = new HashMap<>();
  private final Map<String, Set<String>> keys = new HashMap<>();
  private final Map<String, Set<String>> owed = new HashMap<>();

  private RoutingState(Claims claims) {
    this.claims = claims;
  }

  /** Begins with what was published before: its routes are the incumbents. */
  public static RoutingState of(Collection<? extends RoutingEntry> previous) {
    RoutingState state = new RoutingState(Claims.of(previous));
    previous.forEach(state::put);
    return state;
  }

  /** Gives a service its turn, and says what must be published for it. */
  public Change settle(ServiceRoutes asked, Instant now) {
    Settlement settlement = Settlement.of(asked, claims, this::route, now);
    String serviceId = asked.serviceId();
    owed.computeIfAbsent(serviceId, s -> new LinkedHashSet<>()).addAll(settlement.lookAgain());
    List<RoutingEntry> put = new ArrayList<>();
    Set<String> removed = new LinkedHashSet<>(keys.getOrDefault(serviceId, Set.of()));
    for (RoutingEntry entry : settlement.entries()) {
      removed.remove(entry.key());
      if (!entry.equals(entries.get(entry.key()))) {
        put.add(entry);
      }
    }
    return new Change(serviceId, List.copyOf(put), List.copyOf(removed));
  }

  /** Takes a published change in. Returns the services whose turn it is now, in order. */
  public Set<String> commit(Change change) {
    for (String key : change.removed()) {
      RoutingEntry entry = entries.get(key);
      // Another service may have taken the key since.
      if (entry != null && owner(entry).equals(change.serviceId())) {
        forget(key);
      }
    }
    change.put().forEach(this::put);
    Set<String> again = owed.remove(change.serviceId());
    return again == null ? Set.of() : again;
  }

  /** The ids of all services that have entries. */
  public Set<String> services() {
    return Set.copyOf(keys.keySet());
  }

  /** All entries by key; a copy. */
  public Map<String, RoutingEntry> entries() {
    return new LinkedHashMap<>(entries);
  }

  /** Null if there is none of that id. */
  public Route route(String id) {
    return entries.get("route/" + id) instanceof Route r ? r : null;
  }

  /** Null if there is none of that id. */
  public Backend backend(String id) {
    return entries.get("backend/" + id) instanceof Backend b ? b : null;
  }

  private void put(RoutingEntry entry) {
    forget(entry.key());
    entries.put(entry.key(), entry);
    keys.computeIfAbsent(owner(entry), s -> new LinkedHashSet<>()).add(entry.key());
  }

  private void forget(String key) {
    RoutingEntry old = entries.remove(key);
    if (old != null) {
      keys.computeIfPresent(
          owner(old),
          (s, set) -> {
            set.remove(key);
            return set.isEmpty() ? null : set;
          });
    }
  }

  private static String owner(RoutingEntry entry) {
    return switch (entry) {
      case Route r -> r.serviceId();
      case Backend b -> b.serviceId();
    };
  }
}
