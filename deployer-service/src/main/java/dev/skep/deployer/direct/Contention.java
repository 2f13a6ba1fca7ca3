package dev.skep.deployer.direct;

import dev.skep.deployer.apply.ApplyResult;
import dev.skep.deployer.apply.OvertakenException;
import dev.skep.model.stack.Deployment.Step;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Several deployments of one stack at the same time, each of which knows only what is kept of the
 * others. The newest number wins:
 *
 * <ol>
 *   <li>an older one asks for a newer one before it changes anything, and gives way
 *   <li>what it changed before it noticed, the newest finds by looking again when the others have
 *       ended
 * </ol>
 */
final class Contention {
  /** So often a newer one is asked for: one small call, where a service takes one, too. */
  private static final Duration ASKED_EVERY = Duration.ofMillis(250);

  /** An older one notices within the time above; a killed one never ends. */
  private static final Duration OLDER_END_WITHIN = Duration.ofSeconds(3);

  private static final Duration TICK = Duration.ofMillis(200);
  private static final int LOOKS = 3;

  private final RevisionNote note;
  private final Clock clock;
  private Instant asked = Instant.MIN;
  private boolean overtaken;

  Contention(RevisionNote note, Clock clock) {
    this.note = note;
    this.clock = clock;
  }

  /** Whether a newer one has begun. */
  synchronized boolean overtaken() {
    Instant now = clock.instant();
    if (!overtaken && !asked.isAfter(now.minus(ASKED_EVERY))) {
      overtaken = note.overtaken();
      asked = now;
    }
    return overtaken;
  }

  /**
   * Applies, and where others deploy as well, until that is what is there.
   *
   * @param apply may be called several times
   * @param differs whether the cluster has something else
   * @throws OvertakenException if a newer one has begun
   */
  ApplyResult settle(Supplier<ApplyResult> apply, BooleanSupplier differs) {
    ApplyResult result = apply.get();
    if (!note.contended(clock.instant())) {
      return result;
    }
    awaitOlder();
    for (int i = 0; i < LOOKS; i++) {
      if (note.overtaken()) {
        throw new OvertakenException();
      }
      if (!differs.getAsBoolean()) {
        break;
      }
      result = joined(result, apply.get());
    }
    return result;
  }

  private void awaitOlder() {
    Instant end = clock.instant().plus(OLDER_END_WITHIN);
    while (note.olderUnderWay(clock.instant()) && clock.instant().isBefore(end)) {
      try {
        Thread.sleep(TICK);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("interrupted while others deployed the stack");
      }
    }
  }

  /** What was done to each object in the end; one that was left alone the second time was done. */
  private static ApplyResult joined(ApplyResult first, ApplyResult second) {
    Map<String, Step> steps = new LinkedHashMap<>();
    first.steps().forEach(s -> steps.put(key(s), s));
    boolean failed = first.failed();
    second.steps().stream()
        .filter(s -> failed || !s.action().equals(ApplyResult.UNCHANGED))
        .forEach(s -> steps.put(key(s), s));
    return new ApplyResult(steps.values().stream().toList(), second.warnings());
  }

  private static String key(Step step) {
    return step.kind() + " " + step.name();
  }
}
