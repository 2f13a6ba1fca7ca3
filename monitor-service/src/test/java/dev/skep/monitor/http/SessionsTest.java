package dev.skep.monitor.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.monitor.Fixtures;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Fixtures.NOW);
  private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
  private final Sessions sessions = new Sessions(clock, Duration.ofHours(1), 3);

  @Test
  void aSessionEndsWithItsTime() {
    String id = sessions.begin(() -> true);

    now.set(Fixtures.NOW.plus(Duration.ofHours(1)));

    assertThat(sessions.valid(id)).isFalse();
  }

  @Test
  void aSessionEndsBySigningOut() {
    String id = sessions.begin(() -> true);
    String other = sessions.begin(() -> true);

    sessions.end(id);

    assertThat(sessions.valid(id)).isFalse();
    assertThat(sessions.valid(other)).isTrue();
  }

  @Test
  void aSessionEndsWithTheTokenThatItWasBegunWith() {
    AtomicBoolean revoked = new AtomicBoolean();
    String id = sessions.begin(() -> !revoked.get());
    boolean before = sessions.valid(id);

    revoked.set(true);

    assertThat(before).isTrue();
    assertThat(sessions.valid(id)).isFalse();
  }

  @Test
  void oneTooManyEndsTheOldest() {
    String first = sessions.begin(() -> true);
    sessions.begin(() -> true);
    sessions.begin(() -> true);

    String fourth = sessions.begin(() -> true);

    assertThat(sessions.valid(first)).isFalse();
    assertThat(sessions.valid(fourth)).isTrue();
  }

  @Test
  void nobodyGuessesAnId() {
    sessions.begin(() -> true);

    boolean valid = sessions.valid("") || sessions.valid(null) || sessions.valid("AAAA");

    assertThat(valid).isFalse();
  }

  @Test
  void tenFailuresInAMinuteCloseTheDoorForThatAddressAlone() {
    Throttle throttle = new Throttle(clock, 10, Duration.ofMinutes(1));
    for (int i = 0; i < 10; i++) {
      throttle.failed("192.0.2.1");
    }

    boolean now10 = throttle.allows("192.0.2.1");

    assertThat(now10).isFalse();
    assertThat(throttle.allows("192.0.2.2")).isTrue();
    now.set(Fixtures.NOW.plusSeconds(61));
    assertThat(throttle.allows("192.0.2.1")).isTrue();
  }
}
