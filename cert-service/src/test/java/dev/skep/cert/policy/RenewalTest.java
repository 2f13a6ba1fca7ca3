package dev.skep.cert.policy;

import static dev.skep.cert.policy.Some.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.cert.policy.Renewal.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RenewalTest {
  private static final Instant END = NOW.plus(Duration.ofDays(90));
  private static final Window WINDOW =
      new Window(NOW.plus(Duration.ofDays(55)), NOW.plus(Duration.ofDays(57)));

  @Test
  void without_the_cas_word_a_third_of_the_lifetime_is_left() {
    Instant due = Renewal.backstop(NOW, END);

    assertThat(due).isEqualTo(NOW.plus(Duration.ofDays(60)));
  }

  @Test
  void below_ten_days_half_is_left() {
    Instant due = Renewal.backstop(NOW, NOW.plus(Duration.ofHours(160)));

    assertThat(due).isEqualTo(NOW.plus(Duration.ofHours(80)));
  }

  @Test
  void the_moment_lies_in_the_window_and_stays_while_the_window_stands() {
    Instant first = Renewal.inWindow(WINDOW, NOW, END, "f1");
    Instant again = Renewal.inWindow(WINDOW, NOW, END, "f1");

    assertThat(first).isBetween(WINDOW.start(), WINDOW.end()).isEqualTo(again);
  }

  @Test
  void certificates_spread_over_the_window() {
    Set<Instant> moments = new HashSet<>();

    for (int i = 0; i < 50; i++) {
      moments.add(Renewal.inWindow(WINDOW, NOW, END, "f" + i));
    }

    assertThat(moments).hasSizeGreaterThan(45);
  }

  @Test
  void a_new_window_draws_a_new_moment() {
    Window other = new Window(WINDOW.start().plusSeconds(1), WINDOW.end());

    Instant moved = Renewal.inWindow(other, NOW, END, "f1");

    assertThat(moved).isNotEqualTo(Renewal.inWindow(WINDOW, NOW, END, "f1"));
  }

  @Test
  void a_window_after_the_emergency_is_not_waited_for() {
    Window late = new Window(END, END.plus(Duration.ofDays(1)));

    Instant due = Renewal.inWindow(late, NOW, END, "f1");

    assertThat(due).isEqualTo(END.minus(Duration.ofDays(90).dividedBy(20)));
  }

  @Test
  void a_window_in_the_past_renews_but_never_a_certificate_that_was_just_issued() {
    Window past = new Window(NOW.minusSeconds(20), NOW.minusSeconds(10));

    Instant due = Renewal.inWindow(past, NOW, END, "f1");

    assertThat(due).isEqualTo(NOW.plus(Duration.ofHours(6)));
  }

  @Test
  void a_window_that_ends_before_it_starts_is_refused() {
    assertThatThrownBy(() -> new Window(NOW, NOW)).hasMessageContaining("not after");
  }
}
