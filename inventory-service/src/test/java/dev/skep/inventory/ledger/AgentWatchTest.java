package dev.skep.inventory.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AgentWatchTest {
  private final AgentWatch watch = new AgentWatch();
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void oneOfSeveralIsSilentAfterThreeBeats() {
    beat("a", "b", "c");

    assertThat(pass(Duration.ofSeconds(4), "b", "c")).containsExactly("a");
    assertThat(watch.seen("a")).isFalse();
  }

  @Test
  void nobodyIsSilentWhenAllAreAndThenComeBackOneAfterTheOther() {
    beat("a", "b", "c");

    assertThat(pass(Duration.ofSeconds(30))).isEmpty();
    assertThat(pass(Duration.ofSeconds(6), "a")).isEmpty();
    assertThat(pass(Duration.ofSeconds(2), "a", "b")).isEmpty();
    assertThat(watch.seen("c")).isTrue();
  }

  @Test
  void whoDoesNotComeBackWithTheOthersIsSilentInTheEnd() {
    beat("a", "b", "c");
    pass(Duration.ofSeconds(30));

    Duration limit = AgentWatch.REJOIN.plus(AgentWatch.SILENT_AFTER).plusSeconds(2);

    assertThat(pass(limit, "a", "b")).containsExactly("c");
  }

  @Test
  void whoCameBackIsSilentAsSoonAsBefore() {
    beat("a", "b");
    pass(Duration.ofSeconds(30));
    pass(Duration.ofSeconds(1), "a", "b");

    assertThat(pass(Duration.ofSeconds(4), "a")).containsExactly("b");
  }

  @Test
  void afterARestartNobodyIsSilentBeforeAnyoneIsHeard() {
    watch.expect("a", false, now.plusSeconds(15));
    watch.expect("b", false, now.plusSeconds(15));

    assertThat(pass(Duration.ofMinutes(2))).isEmpty();
    assertThat(pass(Duration.ofSeconds(16), "a")).containsExactly("b");
  }

  @Test
  void silenceCountsOnlyUpToTheBrokersLastSignOfLife() {
    beat("a", "b");
    Instant brokerEnded = now;
    for (int i = 0; i < 4; i++) {
      now = now.plusSeconds(1);
      watch.beat("a", now);
      assertThat(watch.check(now, brokerEnded)).isEmpty();
    }

    assertThat(watch.check(now, now)).containsExactly("b");
  }

  @Test
  void theOnlyOneIsWaitedForLonger() {
    beat("a");

    assertThat(pass(AgentWatch.ALONE_SILENT_AFTER)).isEmpty();
    assertThat(pass(Duration.ofSeconds(1))).containsExactly("a");
  }

  @Test
  void theLastOneLeftIsWaitedForLongerToo() {
    beat("a", "b");
    assertThat(pass(Duration.ofSeconds(5), "a")).containsExactly("b");

    assertThat(pass(Duration.ofSeconds(14))).isEmpty();
    assertThat(pass(Duration.ofSeconds(2))).containsExactly("a");
  }

  private void beat(String... nodes) {
    for (String node : nodes) {
      watch.beat(node, now);
    }
  }

  /** As time passes in which the broker answers and these are heard once a second. */
  private Set<String> pass(Duration time, String... heard) {
    Set<String> fallen = new TreeSet<>();
    for (long i = 0; i < time.toSeconds() * 4; i++) {
      now = now.plusMillis(250);
      if (i % 4 == 3) {
        List.of(heard).forEach(node -> watch.beat(node, now));
      }
      fallen.addAll(watch.check(now, now));
    }
    return fallen;
  }
}
