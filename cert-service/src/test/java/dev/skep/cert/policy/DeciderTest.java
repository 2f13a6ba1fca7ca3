package dev.skep.cert.policy;

import static dev.skep.cert.policy.Some.EDGE_KEY;
import static dev.skep.cert.policy.Some.NOW;
import static dev.skep.cert.policy.Some.issued;
import static dev.skep.cert.policy.Some.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.cert.policy.Decision.Backoff;
import dev.skep.cert.policy.Decision.Idle;
import dev.skep.cert.policy.Decision.Issue;
import dev.skep.cert.policy.Decision.Keep;
import dev.skep.cert.policy.Decision.Nothing;
import dev.skep.cert.policy.Decision.Refuse;
import dev.skep.cert.policy.Decision.Remove;
import dev.skep.model.Condition;
import dev.skep.model.Sealed;
import dev.skep.model.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeciderTest {
  private static final Duration LIFETIME = Duration.ofDays(90);
  private static final Certificate YOUNG = issued("a.eu", "acme", NOW, LIFETIME);
  private final Decider decider = new Decider(EDGE_KEY);

  @Test
  void what_was_never_issued_is_issued() {
    Decision decision = decider.decide(wanted("a.eu", "acme"), null, NOW);

    assertThat(decision)
        .isInstanceOfSatisfying(
            Issue.class,
            issue -> {
              assertThat(issue.why()).isEqualTo("New");
              assertThat(issue.next().names()).containsExactly("a.eu");
            });
  }

  @Test
  void a_young_certificate_is_left_alone_until_its_renewal() {
    Decision decision = decider.decide(wanted("a.eu", "acme"), YOUNG, NOW.plusSeconds(1));

    assertThat(decision).isEqualTo(new Idle(NOW.plus(Duration.ofDays(60))));
  }

  @Test
  void it_is_issued_again_when_its_renewal_is_due() {
    Instant then = NOW.plus(Duration.ofDays(60));

    Decision decision = decider.decide(wanted("a.eu", "acme"), YOUNG, then);

    assertThat(decision).isEqualTo(new Issue("Due", YOUNG));
  }

  @Test
  void the_emergency_overrules_a_late_suggestion() {
    Certificate late = Records.renewAt(YOUNG, NOW.plus(Duration.ofDays(89)));
    Instant emergency = Renewal.emergency(YOUNG.notBefore(), YOUNG.notAfter());

    Decision decision = decider.decide(wanted("a.eu", "acme"), late, emergency);

    assertThat(decision).isEqualTo(new Issue("Due", late));
  }

  @Test
  void a_key_that_the_edges_may_not_open_means_a_new_certificate() {
    Decision decision = new Decider("edge-2").decide(wanted("a.eu", "acme"), YOUNG, NOW);

    assertThat(decision).isEqualTo(new Issue("EdgeKeyChanged", YOUNG));
  }

  @Test
  void another_issuer_means_a_new_certificate_at_once_and_drops_the_old_ones_order() {
    Certificate ordered = Records.ordered(YOUNG, "https://ca/order/1", new Sealed("own", "k"));
    Certificate failed = Records.failed(ordered, Failure.retriable("Busy", "busy"), NOW);

    Decision decision = decider.decide(wanted("a.eu", "internal"), failed, NOW);

    assertThat(decision)
        .isInstanceOfSatisfying(
            Issue.class,
            issue -> {
              assertThat(issue.next().issuer()).isEqualTo("internal");
              assertThat(issue.next().order()).isNull();
              assertThat(issue.next().attempts()).isZero();
              assertThat(issue.next().chain()).isEqualTo(YOUNG.chain());
            });
  }

  @Test
  void another_issuer_that_failed_once_is_tried_again_after_its_time() {
    Certificate moved = Records.movedTo(YOUNG, "internal", NOW);
    Certificate failed = Records.failed(moved, Failure.retriable("Busy", "busy"), NOW);

    Decision before = decider.decide(wanted("a.eu", "internal"), failed, NOW.plusSeconds(59));
    Decision after = decider.decide(wanted("a.eu", "internal"), failed, NOW.plusSeconds(60));

    assertThat(before).isEqualTo(new Backoff(NOW.plusSeconds(60)));
    assertThat(after).isEqualTo(new Issue("Due", failed));
  }

  @Test
  void one_that_is_not_wanted_is_kept_while_it_is_valid_and_then_removed() {
    Decision before = decider.decide(null, YOUNG, NOW.plus(Duration.ofDays(89)));
    Decision after = decider.decide(null, YOUNG, NOW.plus(LIFETIME));

    assertThat(before).isEqualTo(new Keep(NOW.plus(LIFETIME)));
    assertThat(after).isEqualTo(new Remove());
  }

  @Test
  void one_that_is_not_wanted_and_was_never_issued_is_removed() {
    Certificate never = Records.fresh(wanted("a.eu", "acme"));

    assertThat(decider.decide(null, never, NOW)).isEqualTo(new Remove());
    assertThat(decider.decide(null, null, NOW)).isEqualTo(new Nothing());
  }

  @Test
  void what_cannot_be_issued_is_refused() {
    Wanted bad = new Wanted("a..eu", "acme", Wanted.Choice.DEFAULT, "", "no name", List.of("r"));

    Decision decision = decider.decide(bad, null, NOW);

    assertThat(decision).isEqualTo(new Refuse("no name"));
  }

  @Test
  void a_failed_renewal_leaves_a_valid_certificate_ready() {
    Certificate failed = Records.failed(YOUNG, Failure.retriable("Busy", "busy"), NOW);

    assertThat(status(failed, Certificate.READY)).isEqualTo(Condition.Status.TRUE);
    assertThat(status(failed, Records.ISSUING)).isEqualTo(Condition.Status.FALSE);
    assertThat(failed.attempts()).isEqualTo(1);
  }

  @Test
  void a_failed_renewal_after_the_expiry_is_not_ready() {
    Instant expired = NOW.plus(LIFETIME);

    Certificate failed = Records.failed(YOUNG, Failure.retriable("Busy", "busy"), expired);

    assertThat(status(failed, Certificate.READY)).isEqualTo(Condition.Status.FALSE);
  }

  @Test
  void a_terminal_failure_gives_the_order_up_and_a_retriable_one_keeps_it() {
    Certificate ordered = Records.ordered(YOUNG, "https://ca/order/1", new Sealed("own", "k"));

    Certificate retriable = Records.failed(ordered, Failure.retriable("Busy", "busy"), NOW);
    Certificate terminal = Records.failed(ordered, Failure.terminal("Caa", "no"), NOW);

    assertThat(retriable.order()).isEqualTo("https://ca/order/1");
    assertThat(terminal.order()).isNull();
    assertThat(terminal.orderKey()).isNull();
  }

  private static Condition.Status status(Certificate certificate, String type) {
    return certificate.conditions().stream()
        .filter(c -> c.type().equals(type))
        .findFirst()
        .orElseThrow()
        .status();
  }
}
