package dev.skep.cert;

import static org.assertj.core.api.Assertions.assertThat;

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

    assertThat(gate.open(List.of(), "id", NOW)).isFalse();
    assertThat(gate.open(List.of(edge("id", 6)), "id", NOW)).isFalse();
    assertThat(gate.open(List.of(edge("id", 6), edge("id", 7)), "id", NOW)).isTrue();
  }

  @Test
  void a_traefik_that_answers_no_challenge_does_not_count() {
    gate.onChange(change(null, issuer("t1"), 7));

    assertThat(gate.open(List.of(edge("traefik", "id", 7)), "id", NOW)).isFalse();
  }

  @Test
  void an_edge_that_applied_another_store_does_not_count() {
    gate.onChange(change(null, issuer("t1"), 7));

    assertThat(gate.open(List.of(edge("old", 99)), "id", NOW)).isFalse();
  }

  @Test
  void a_write_that_leaves_the_thumbprint_asks_no_edge_again() {
    gate.onChange(change(null, issuer("t1"), 7));

    gate.onChange(change(issuer("t1"), issuer("t1"), 12));

    assertThat(gate.open(List.of(edge("id", 7)), "id", NOW)).isTrue();
  }

  @Test
  void after_its_patience_it_opens_all_the_same() {
    gate.onChange(change(null, issuer("t1"), 7));
    gate.open(List.of(), "id", NOW);

    boolean open = gate.open(List.of(), "id", NOW.plus(PATIENCE));

    assertThat(open).isTrue();
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
    return new EdgeStatus(
        "e1",
        proxy,
        new StorePosition(Map.of(Topics.CERTIFICATES.name(), new Position(topicId, offset))),
        0,
        0,
        0,
        Map.of(),
        List.of(),
        List.of(),
        NOW);
  }
}
