package dev.skep.edge.agent;

import dev.skep.edge.StoreGuard.Objection;
import dev.skep.model.Condition;
import dev.skep.model.edge.EdgeStatus;
import dev.skep.model.edge.StorePosition;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an edge says of itself. Written by the agent's loop alone; read by any thread. */
final class EdgeReport {
  /** The condition that says whether the proxy serves what the store holds. */
  static final String READY = "Ready";

  private static final Logger log = LoggerFactory.getLogger(EdgeReport.class);

  private final String edge;
  private final String proxy;
  private final Clock clock;
  private final Consumer<EdgeStatus> publisher;
  private volatile EdgeStatus status;

  EdgeReport(String edge, String proxy, Clock clock, Consumer<EdgeStatus> publisher) {
    this.edge = edge;
    this.proxy = proxy;
    this.clock = clock;
    this.publisher = publisher;
  }

  /** What was said last; null before the first turn has ended. */
  EdgeStatus status() {
    return status;
  }

  /** The store that is found is not applied: what was served before is served. */
  void storeNotTaken(Objection objection, StorePosition known, long reloads) {
    Instant now = clock.instant();
    if (objection.passing()) {
      // The store is the known one: nobody is to do anything about it yet.
      change(known, reloads, Condition.isFalse(READY, "StoreBehind", objection.why(), now));
      return;
    }
    if (status == null || !status.refusesStore()) {
      log.atError()
          .addKeyValue("reason", objection.why())
          .log("Unknown store refused; serving on from disk");
    }
    change(
        known,
        reloads,
        Condition.isFalse(READY, "StoreRefused", "what was served before is served", now),
        Condition.isFalse(EdgeStatus.STORE_KNOWN, "UnknownStore", objection.why(), now));
  }

  /** A turn failed; also the first one, or an earlier process's word would stand. */
  void applyFailed(String message, StorePosition known, long reloads) {
    change(known, reloads, Condition.isFalse(READY, "ApplyFailed", message, clock.instant()));
  }

  private void change(StorePosition known, long reloads, Condition... conditions) {
    EdgeStatus s = status;
    publish(
        s == null
            ? new EdgeStatus(
                edge,
                proxy,
                known,
                0,
                0,
                reloads,
                Map.of(),
                List.of(),
                List.of(conditions),
                clock.instant())
            : new EdgeStatus(
                s.edge(),
                s.proxy(),
                known,
                s.routes(),
                s.servers(),
                reloads,
                s.certificates(),
                s.refused(),
                List.of(conditions),
                clock.instant()));
  }

  /** Keeps the transition times of conditions that did not change, so that only changes count. */
  void publish(EdgeStatus next) {
    EdgeStatus before = status;
    List<Condition> conditions = before == null ? List.of() : before.conditions();
    for (Condition c : next.conditions()) {
      conditions = Condition.with(conditions, c);
    }
    status =
        new EdgeStatus(
            next.edge(),
            next.proxy(),
            next.applied(),
            next.routes(),
            next.servers(),
            next.reloads(),
            next.certificates(),
            next.refused(),
            conditions,
            next.since());
    publisher.accept(status);
  }
}
