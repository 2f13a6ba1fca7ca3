package dev.skep.cert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.cert.EdgeGate.Verdict;
import dev.skep.model.Condition;
import dev.skep.model.Sealed;
import dev.skep.model.cert.CertificateEntry;
import dev.skep.model.cert.Issuer;
import dev.skep.model.edge.EdgeStatus;
import dev.skep.model.edge.StorePosition;
import dev.skep.model.edge.StorePosition.Position;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.TopicView.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EdgeGateTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final EdgeGate gate = new EdgeGate(PATIENCE);

  @Test
  void it_is_closed_until_an_edge_has_applied_the_thumbprint() {
    gate.onChange(change(null, issuer("t1"), 7));

    assertThat(gate.verdict(List.of(), "id", NOW)).isEqualTo(Verdict.NO_EDGE);
    assertThat(gate.verdict(List.of(edge("id", 6)), "id", NOW)).isEqualTo(Verdict.NO_EDGE);
    assertThat(gate.verdict(List.of(edge("id", 6), edge("id", 7)), "id", NOW))
        .isEqualTo(Verdict.OPEN);
  }

  @Test
  void a_traefik_that_answers_no_challenge_does_not_count() {
    gate.onChange(change(null, issuer("t1"), 7));

    assertThat(gate.verdict(List.of(edge("traefik", "id", 7)), "id", NOW))
        .isEqualTo(Verdict.NO_EDGE);
  }

  @Test
  void an_edge_that_applied_another_store_does_not_count() {
    gate.onChange(change(null, issuer("t1"), 7));

    assertThat(gate.verdict(List.of(edge("old", 99)), "id", NOW)).isEqualTo(Verdict.NO_EDGE);
  }

  @Test
  void a_write_that_leaves_the_thumbprint_asks_no_edge_again() {
    gate.onChange(change(null, issuer("t1"), 7));

    gate.onChange(change(issuer("t1"), issuer("t1"), 12));

    assertThat(gate.verdict(List.of(edge("id", 7)), "id", NOW)).isEqualTo(Verdict.OPEN);
  }

  @Test
  void after_its_patience_it_opens_all_the_same() {
    gate.onChange(change(null, issuer("t1"), 7));
    gate.verdict(List.of(), "id", NOW);

    Verdict verdict = gate.verdict(List.of(), "id", NOW.plus(PATIENCE));

    assertThat(verdict).isEqualTo(Verdict.OPEN);
  }

  @Test
  void edges_that_refuse_the_store_keep_it_closed_however_long_it_takes() {
    gate.onChange(change(null, issuer("t1"), 7));
    List<EdgeStatus> refusing = List.of(refusing());
    gate.verdict(refusing, "id", NOW);

    Verdict verdict = gate.verdict(refusing, "id", NOW.plus(PATIENCE.multipliedBy(100)));

    assertThat(verdict).isEqualTo(Verdict.STORE_REFUSED);
  }

  @Test
  void one_edge_that_took_the_store_is_enough_though_another_refused_it() {
    gate.onChange(change(null, issuer("t1"), 7));

    Verdict verdict = gate.verdict(List.of(refusing(), edge("id", 7)), "id", NOW);

    assertThat(verdict).isEqualTo(Verdict.OPEN);
  }

  @Test
  void after_a_refusal_it_waits_for_the_edges_anew() {
    gate.onChange(change(null, issuer("t1"), 7));
    gate.verdict(List.of(), "id", NOW);
    gate.verdict(List.of(refusing()), "id", NOW.plusSeconds(1));

    Verdict verdict = gate.verdict(List.of(), "id", NOW.plus(PATIENCE));

    assertThat(verdict).isEqualTo(Verdict.NO_EDGE);
  }

  private static Change<CertificateEntry> change(Issuer before, Issuer after, long offset) {
    return new Change<>("issuer/acme", before, after, offset, null, false);
  }

  private static Issuer issuer(String thumbprint) {
    return new Issuer(
        "acme",
        Issuer.Kind.ACME,
        "https://ca/dir",
        null,
        new Sealed("k", "c"),
        thumbprint,
        null,
        NOW);
  }

  private static EdgeStatus edge(String topicId, long offset) {
    return edge("haproxy 3.4.7", topicId, offset);
  }

  private static EdgeStatus edge(String proxy, String topicId, long offset) {
    StorePosition applied =
        new StorePosition(Map.of(Topics.CERTIFICATES.name(), new Position(topicId, offset)));
    return edge(proxy, applied, Condition.isTrue(EdgeStatus.STORE_KNOWN, "Known", "", NOW));
  }

  private static EdgeStatus refusing() {
    return edge(
        "haproxy 3.4.7",
        new StorePosition(Map.of()),
        Condition.isFalse(EdgeStatus.STORE_KNOWN, "UnknownStore", "another", NOW));
  }

  private static EdgeStatus edge(String proxy, StorePosition applied, Condition storeKnown) {
    return new EdgeStatus(
        "e1", proxy, applied, 0, 0, 0, Map.of(), List.of(), List.of(storeKnown), NOW);
  }
}
