package dev.skep.inventory.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PaceTest {
  private final Pace pace = new Pace();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void aMarkedServiceIsDueAtOnceAndThenEveryFiftyMilliseconds() {
    // Given
    pace.mark("s", now);
    assertThat(pace.due(now)).containsExactly("s");

    // When
    read(Set.of(), Set.of());

    // Then
    assertThat(pace.due(now.plusMillis(49))).isEmpty();
    assertThat(pace.due(now.plusMillis(50))).containsExactly("s");
  }

  @Test
  void withoutProgressItSlowsDownToASecond() {
    // Given
    pace.mark("s", now);

    // When
    now = now.plus(Pace.PATIENCE);
    read(Set.of(), Set.of());

    // Then
    assertThat(pace.next()).isEqualTo(now.plusSeconds(1));
  }

  @Test
  void progressMakesItFastAgain() {
    // Given
    pace.mark("s", now);
    now = now.plus(Pace.PATIENCE);
    read(Set.of(), Set.of());

    // When
    now = now.plusSeconds(1);
    read(Set.of("s"), Set.of());

    // Then
    assertThat(pace.next()).isEqualTo(now.plusMillis(50));
  }

  @Test
  void aSettledServiceIsFollowedALittleLongerAndThenLetGo() {
    // Given
    pace.mark("s", now);
    read(Set.of(), Set.of("s"));
    assertThat(pace.size()).isOne();

    // When
    now = now.plus(Pace.LINGER);
    read(Set.of(), Set.of("s"));

    // Then
    assertThat(pace.size()).isZero();
    assertThat(pace.next()).isNull();
  }

  @Test
  void aServiceThatNeverSettlesIsLetGoAfterAMinute() {
    // Given
    pace.mark("s", now);

    // When
    now = now.plus(Pace.GIVE_UP);
    read(Set.of(), Set.of());

    // Then
    assertThat(pace.size()).isZero();
  }

  @Test
  void aSlowEngineIsLeftAsMuchTimeAsItTook() {
    // Given
    pace.mark("s", now);

    // When a reading took 300 ms
    Instant end = now.plusMillis(300);
    pace.read(Set.of("s"), Set.of(), Set.of(), now, end);

    // Then
    assertThat(pace.due(end.plusMillis(299))).isEmpty();
    assertThat(pace.due(end.plusMillis(300))).containsExactly("s");
  }

  @Test
  void oneReadingIsOfSoManyServicesAtMostAndThoseThatWaitedLongestComeFirst() {
    // Given
    pace.mark("late", now.plusMillis(1));
    IntStream.range(0, Pace.BATCH).forEach(i -> pace.mark("s" + i, now));

    // When
    var due = pace.due(now.plus(Duration.ofMillis(10)));

    // Then
    assertThat(due).hasSize(Pace.BATCH).doesNotContain("late");
  }

  @Test
  void aMarkDuringAReadingIsNotLostInIt() {
    // Given a reading under way
    pace.mark("s", now);
    Instant began = now;

    // When it is marked before that reading ends
    pace.mark("s", began.plusMillis(5));
    pace.read(Set.of("s"), Set.of(), Set.of("s"), began, began.plusMillis(10));

    // Then it is due as soon as the pause allows
    assertThat(pace.due(began.plusMillis(20))).containsExactly("s");
  }

  private void read(Set<String> progressed, Set<String> settled) {
    pace.read(Set.of("s"), progressed, settled, now, now);
  }
}
