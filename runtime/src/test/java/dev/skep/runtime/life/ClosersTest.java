package dev.skep.runtime.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ClosersTest {
  private final List<String> closed = new CopyOnWriteArrayList<>();

  @Test
  void closesInReverseOrderAndOnce() {
    Closers closers = new Closers(Duration.ofSeconds(10));
    closers.add("first", () -> closed.add("first"));
    closers.add("second", () -> closed.add("second"));

    closers.close();
    closers.close();

    assertThat(closed).containsExactly("second", "first");
  }

  @Test
  void oneThatFailsOrHangsDoesNotKeepTheOthersOpen() {
    CountDownLatch never = new CountDownLatch(1);
    Closers closers = new Closers(Duration.ofMillis(50));
    closers.add("last", () -> closed.add("last"));
    closers.add("hanging", never::await);
    closers.add(
        "failing",
        () -> {
          throw new IllegalStateException("made to fail by the test");
        });

    closers.close();

    assertThat(closed).containsExactly("last");
    never.countDown();
  }

  @Test
  void whatComesTooLateIsClosedAtOnce() {
    Closers closers = new Closers(Duration.ofSeconds(10));
    closers.close();

    closers.add("late", () -> closed.add("late"));

    assertThat(closed).containsExactly("late");
  }
}
