package dev.skep.deployer.apply;

import dev.skep.engine.EngineException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Repeats a call that another's change, or something still in use, got in the way of. */
public final class Conflicts {
  private static final Duration FIRST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private Conflicts() {}

  /**
   * Repeats with backoff.
   *
   * @param times at most
   * @param again whether a failure is worth another call
   * @return what the first call that did not fail returned
   * @throws EngineException the last one
   */
  public static <T> T retry(int times, Predicate<EngineException> again, Supplier<T> call) {
    Duration wait = FIRST;
    for (int attempt = 1; ; attempt++) {
      try {
        return call.get();
      } catch (EngineException e) {
        if (attempt >= times || !again.test(e)) {
          throw e;
        }
      }
      pause(wait);
      wait = wait.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : wait.multipliedBy(2);
    }
  }

  /**
   * Repeats with backoff a call that depends on what was read.
   *
   * @param read what is known before the first call
   * @param anew reads it again before each further one
   */
  static <S, T> T retry(
      int times, Predicate<EngineException> again, S read, Supplier<S> anew, Function<S, T> call) {
    AtomicReference<Supplier<S>> next = new AtomicReference<>(() -> read);
    return retry(times, again, () -> call.apply(next.getAndSet(anew).get()));
  }

  /** Waits about so long. */
  static void pause(Duration wait) {
    try {
      // Spread, so that two deployers do not meet again.
      Thread.sleep(wait.toMillis() / 2 + ThreadLocalRandom.current().nextLong(wait.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.util.concurrent.CancellationException("interrupted while it waited");
    }
  }
}
