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
 *
 * <p>Edges that refuse the store answer nothing that is in it: a store that came back empty wants
 * every certificate anew, while the old ones are served and are in the backup.
 */
final class EdgeGate {
  /** What the gate says. */
  enum Verdict {
    OPEN(""),
    NO_EDGE("no edge has reported yet that it answers the CA's challenges"),
    STORE_REFUSED(
        "the edges know another store and serve what they have: bring the old state back by 'skep"
            + " import', or accept this one by 'skep adopt'");

    private final String message;

    Verdict(String message) {
      this.message = message;
    }

    /** Why it is not open; "" if it is. */
    String message() {
      return message;
    }
  }

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
   * Whether to go on. One edge that has applied the thumbprint is enough; one that refuses the
   * store may be gone, its last word is still there.
   *
   * @param topicId of the certificates topic, as the broker names it now
   */
  synchronized Verdict verdict(Collection<EdgeStatus> edges, String topicId, Instant now) {
    if (thumbprintAt >= 0 && edges.stream().anyMatch(e -> applied(e, topicId))) {
      waitingSince = null;
      return Verdict.OPEN;
    }
    if (edges.stream().anyMatch(EdgeStatus::refusesStore)) {
      waitingSince = null;
      return Verdict.STORE_REFUSED;
    }
    if (waitingSince == null) {
      waitingSince = now;
    }
    return now.isBefore(waitingSince.plus(patience)) ? Verdict.NO_EDGE : Verdict.OPEN;
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
