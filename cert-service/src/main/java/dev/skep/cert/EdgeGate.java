package dev.skep.cert;

import dev.skep.cert.policy.Issuers;
import dev.skep.model.cert.CertificateEntry;
import dev.skep.model.cert.Issuer;
import dev.skep.model.edge.EdgeStatus;
import dev.skep.model.edge.StorePosition;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.TopicView;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Objects;

/**
 * Whether an edge answers the CA's challenges: one does from when it has applied the issuer's
 * record with the thumbprint. An order before that fails, and five failures an hour are all that a
 * name has. A Traefik that is fed by an agent of its own answers none.
 */
final class EdgeGate {
  private final Duration patience;
  private long thumbprintAt = -1;
  private Instant waitingSince;

  /**
   * A gate.
   *
   * @param patience after that it opens all the same: challenges may be answered by something that
   *     reports no status
   */
  EdgeGate(Duration patience) {
    this.patience = patience;
  }

  /** Takes note of where the thumbprint lies. */
  synchronized void onChange(TopicView.Change<CertificateEntry> change) {
    if (change.after() instanceof Issuer after && after.name().equals(Issuers.ACME)) {
      String before = change.before() instanceof Issuer b ? b.thumbprint() : null;
      if (!Objects.equals(before, after.thumbprint())) {
        thumbprintAt = change.offset();
        waitingSince = null;
      }
    }
  }

  /**
   * Whether to go on.
   *
   * @param topicId of the certificates topic, as the broker names it now
   */
  synchronized boolean open(Collection<EdgeStatus> edges, String topicId, Instant now) {
    if (thumbprintAt >= 0 && edges.stream().anyMatch(e -> applied(e, topicId))) {
      waitingSince = null;
      return true;
    }
    if (waitingSince == null) {
      waitingSince = now;
    }
    return !now.isBefore(waitingSince.plus(patience));
  }

  private boolean applied(EdgeStatus edge, String topicId) {
    if (edge.applied() == null || edge.proxy().startsWith("traefik")) {
      return false;
    }
    StorePosition.Position position = edge.applied().topics().get(Topics.CERTIFICATES.name());
    return position != null
        && position.topicId().equals(topicId)
        && position.offset() >= thumbprintAt;
  }
}
