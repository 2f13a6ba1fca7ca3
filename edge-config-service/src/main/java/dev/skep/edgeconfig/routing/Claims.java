package dev.skep.edgeconfig.routing;

import dev.skep.edgeconfig.labels.MiddlewareLabels;
import dev.skep.edgeconfig.routing.Holder.Content;
import dev.skep.model.edge.Backend;
import dev.skep.model.edge.Route;
import dev.skep.model.edge.RoutingEntry;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Who holds which name and which host and path, and who waits for it. The incumbent keeps what it
 * has for as long as it asks for it; a newcomer waits, and is named when it is its turn. Not safe
 * for concurrent use.
 */
final class Claims {
  private final Map<Claim, Holder> holders = new HashMap<>();
  private final Map<String, Set<Claim>> held = new HashMap<>();
  private final Map<Claim, Set<String>> interested = new HashMap<>();
  private final Map<String, Set<Claim>> interests = new HashMap<>();

  /** The claims of a table that is being served: its routes are the incumbents. */
  static Claims of(Collection<? extends RoutingEntry> previous) {
    Claims claims = new Claims();
    for (RoutingEntry entry : previous) {
      switch (entry) {
        case Backend b ->
            claims.seed(
                new Claim.BackendName(b.id()),
                new Holder(
                    b.serviceId(),
                    b.serviceId(),
                    null,
                    new Holder.LoadBalancer(java.util.List.of(), java.util.List.of())));
        case Route r -> claims.seed(r);
      }
    }
    return claims;
  }

  private void seed(Route route) {
    // An id with an @ is that of a newcomer, which holds nothing.
    if (route.id().indexOf('@') >= 0) {
      return;
    }
    Holder holder =
        new Holder(route.serviceId(), route.service(), route.id(), Holder.Nothing.NOTHING);
    seed(new Claim.RouterName(route.id()), holder);
    if (!route.accepted() || route.rule() == null) {
      return;
    }
    try {
      for (Match match : Match.of(route.rule())) {
        for (String entryPoint : EntryPoints.held(route.entryPoints(), route.redirectToHttps())) {
          seed(new Claim.Served(entryPoint, match), holder);
        }
      }
    } catch (Match.TooManyException e) {
      // No rule that is accepted has that many; one from elsewhere holds its name alone.
      return;
    }
  }

  private void seed(Claim claim, Holder holder) {
    if (holders.putIfAbsent(claim, holder) == null) {
      held.computeIfAbsent(holder.serviceId(), s -> new HashSet<>()).add(claim);
    }
  }

  /** One service's turn to say all that it claims. */
  Turn turn(String serviceId, String service) {
    return new Turn(serviceId, service);
  }

  /**
   * A turn: ask, then {@link #end}. What is not asked for again is let go. Nothing changes before
   * the end, so that a turn which fails has no effect.
   */
  final class Turn {
    private final String serviceId;
    private final String service;
    private final Map<Claim, Holder> taken = new LinkedHashMap<>();
    private final Set<Claim> waits = new HashSet<>();

    private Turn(String serviceId, String service) {
      this.serviceId = serviceId;
      this.service = service;
    }

    /** Takes the claim if it is free or this service's own; else waits. Null: it has it now. */
    Holder take(Claim claim, String router, Content content) {
      Holder holder = other(claim);
      if (holder != null) {
        return holder;
      }
      taken.put(claim, new Holder(serviceId, service, router, content));
      return null;
    }

    /** The other service that holds the claim, after whose change this one looks again; or null. */
    Holder other(Claim claim) {
      Holder holder = holders.get(claim);
      if (holder == null || holder.serviceId().equals(serviceId)) {
        return null;
      }
      waits.add(claim);
      return holder;
    }

    /** Whoever holds it, this service too; null: nobody. Looks again when that changes. */
    Holder lookUp(Claim claim) {
      waits.add(claim);
      Holder own = taken.get(claim);
      return own == null ? other(claim) : own;
    }

    /** Null, or the other service's middleware of that name with other settings. */
    Holder define(MiddlewareLabels middleware) {
      Claim claim = new Claim.MiddlewareName(middleware.name());
      Holder holder = take(claim, null, new Holder.Middleware(middleware));
      boolean same =
          holder != null
              && holder.content() instanceof Holder.Middleware(MiddlewareLabels theirs)
              && theirs.settings().equals(middleware.settings());
      return same ? null : holder;
    }

    /** Lets go of what was not asked for. Returns the services that should look again, in order. */
    Set<String> end() {
      Set<Claim> changed = new LinkedHashSet<>();
      taken.forEach(
          (claim, holder) -> {
            Holder before = holders.put(claim, holder);
            if (before == null || !before.content().equals(holder.content())) {
              changed.add(claim);
            }
          });
      for (Claim claim : replace(held, serviceId, Set.copyOf(taken.keySet()))) {
        holders.remove(claim);
        changed.add(claim);
      }
      Set<Claim> gone = replace(interests, serviceId, waits);
      waits.forEach(c -> interested.computeIfAbsent(c, k -> new LinkedHashSet<>()).add(serviceId));
      for (Claim claim : gone) {
        interested.computeIfPresent(
            claim,
            (c, services) -> {
              services.remove(serviceId);
              return services.isEmpty() ? null : services;
            });
      }
      Set<String> again = new LinkedHashSet<>();
      changed.forEach(c -> again.addAll(interested.getOrDefault(c, Set.of())));
      again.remove(serviceId);
      return again;
    }

    /** Puts {@code now} in place of what was there, and returns what is not there any more. */
    private static Set<Claim> replace(
        Map<String, Set<Claim>> byService, String serviceId, Set<Claim> now) {
      Set<Claim> before =
          now.isEmpty() ? byService.remove(serviceId) : byService.put(serviceId, now);
      if (before == null) {
        return Set.of();
      }
      Set<Claim> gone = new LinkedHashSet<>(before);
      gone.removeAll(now);
      return gone;
    }
  }
}
