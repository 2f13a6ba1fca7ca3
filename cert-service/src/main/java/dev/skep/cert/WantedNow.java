package dev.skep.cert;

import dev.skep.cert.policy.Issuers;
import dev.skep.cert.policy.NamePolicy;
import dev.skep.cert.policy.Wanted;
import dev.skep.cert.policy.WantedCertificates;
import dev.skep.model.edge.Route;
import dev.skep.model.edge.RoutingEntry;
import dev.skep.runtime.kafka.TopicView;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** What the routes of the view want, worked out anew with each change of a route. */
final class WantedNow implements CertReconciler.WantedView {
  private final Issuers issuers;
  private final NamePolicy policy;
  private final Map<String, String> causeByRoute = new ConcurrentHashMap<>();
  private volatile Map<String, Wanted> wanted = Map.of();

  WantedNow(Issuers issuers, NamePolicy policy) {
    this.issuers = issuers;
    this.policy = policy;
  }

  /** Whether a change concerns certificates at all: tasks come and go without. */
  boolean note(TopicView.Change<RoutingEntry> change) {
    if (!(change.before() instanceof Route) && !(change.after() instanceof Route)) {
      return false;
    }
    String id = change.key();
    if (change.meta() != null && change.meta().correlationId() != null) {
      causeByRoute.put(id, change.meta().correlationId());
    } else {
      causeByRoute.remove(id);
    }
    return true;
  }

  /** Works out what is wanted; returns the names for which that changed. */
  synchronized Set<String> update(Collection<RoutingEntry> entries) {
    Map<String, Wanted> before = wanted;
    Map<String, Wanted> after =
        WantedCertificates.of(
            entries.stream().filter(Route.class::isInstance).map(Route.class::cast).toList(),
            issuers,
            policy);
    wanted = after;
    Set<String> changed = new TreeSet<>(before.keySet());
    changed.addAll(after.keySet());
    changed.removeIf(name -> Objects.equals(before.get(name), after.get(name)));
    return changed;
  }

  Set<String> names() {
    return wanted.keySet();
  }

  @Override
  public Wanted wanted(String name) {
    return wanted.get(name);
  }

  @Override
  public String correlationId(String name) {
    Wanted w = wanted.get(name);
    return w == null || w.routes().isEmpty()
        ? null
        : causeByRoute.get("route/" + w.routes().getFirst());
  }
}
