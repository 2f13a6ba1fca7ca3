package dev.skep.runtime.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyedReconcilerTest {
  private static final RetryPolicy QUICK =
      new RetryPolicy(Duration.ofMillis(5), 2, Duration.ofMillis(20), 0);
  private static final RetryPolicy NEVER =
      new RetryPolicy(Duration.ofHours(1), 1, Duration.ofHours(1), 0);

  private final List<Reconciliation> runs = new CopyOnWriteArrayList<>();
  private final Semaphore started = new Semaphore(0);
  private final Semaphore mayEnd = new Semaphore(0);
  private KeyedReconciler<String> reconciler;

  @AfterEach
  void close() {
    mayEnd.release(1_000);
    reconciler.close();
  }

  @Test
  void aMarkRunsTheKey() {
    reconciler = KeyedReconciler.named("test", this::record).start();

    reconciler.mark("a", "created");

    await().until(() -> reconciler.idle() && runs.size() == 1);
    assertThat(runs.getFirst().trigger()).isEqualTo("created");
    assertThat(runs.getFirst().attempt()).isEqualTo(1);
  }

  @Test
  void marksDuringARunAreServedByOneFurtherRun() throws InterruptedException {
    reconciler = KeyedReconciler.named("test", this::gated).start();
    reconciler.mark("a", "first");
    started.acquire();

    for (int i = 0; i < 100; i++) {
      reconciler.mark("a", "again");
    }
    mayEnd.release(10);

    await().until(reconciler::idle);
    assertThat(runs).extracting(Reconciliation::trigger).containsExactly("first", "again");
  }

  @Test
  void aKeyNeverRunsTwiceAtATimeThoughOthersDo() {
    AtomicInteger insideA = new AtomicInteger();
    AtomicInteger mostA = new AtomicInteger();
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch both = new CountDownLatch(2);
    reconciler =
        KeyedReconciler.<String>named(
                "test",
                (key, r) -> {
                  most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                  if (key.equals("a")) {
                    mostA.accumulateAndGet(insideA.incrementAndGet(), Math::max);
                  }
                  both.countDown();
                  both.await();
                  if (key.equals("a")) {
                    insideA.decrementAndGet();
                  }
                  inside.decrementAndGet();
                  return Outcome.done();
                })
            .parallelism(3)
            .start();

    for (int i = 0; i < 50; i++) {
      reconciler.mark("a", "mark");
      reconciler.mark("b", "mark");
    }

    await().until(reconciler::idle);
    assertThat(mostA).hasValue(1);
    assertThat(most).hasValue(2);
  }

  @Test
  void noMoreKeysRunAtATimeThanAllowed() throws InterruptedException {
    reconciler = KeyedReconciler.named("test", this::gated).parallelism(2).start();

    for (int i = 0; i < 10; i++) {
      reconciler.mark("k" + i, "mark");
    }

    started.acquire(2);
    assertThat(started.availablePermits()).isZero();
    mayEnd.release(10);
    await().until(reconciler::idle);
    assertThat(runs).hasSize(10);
  }

  @Test
  void aFailureIsRetriedUntilItSucceeds() {
    reconciler =
        KeyedReconciler.<String>named(
                "test",
                (key, r) -> {
                  runs.add(r);
                  if (r.attempt() < 4) {
                    throw new IllegalStateException("made to fail by the test");
                  }
                  return Outcome.done();
                })
            .retry(QUICK)
            .start();

    reconciler.mark("a", "created");

    await().until(() -> reconciler.idle() && !runs.isEmpty());
    assertThat(runs).extracting(Reconciliation::attempt).containsExactly(1, 2, 3, 4);
    assertThat(runs)
        .extracting(Reconciliation::trigger)
        .containsExactly("created", "retry", "retry", "retry");
  }

  @Test
  void aMarkEndsTheWaitForARetry() {
    reconciler =
        KeyedReconciler.<String>named(
                "test",
                (key, r) -> {
                  runs.add(r);
                  if (r.attempt() == 1) {
                    throw new IllegalStateException("made to fail by the test");
                  }
                  return Outcome.done();
                })
            .retry(NEVER)
            .start();
    reconciler.mark("a", "created");
    await().until(() -> runs.size() == 1);

    // Marked until it is seen: the failed run may not have ended yet.
    await()
        .until(
            () -> {
              reconciler.mark("a", "changed");
              return runs.size() >= 2;
            });

    assertThat(runs.get(1).trigger()).isEqualTo("changed");
    assertThat(runs.get(1).attempt()).isEqualTo(2);
  }

  @Test
  void aReconciliationThatMarksItsOwnKeyDoesNotEscapeTheBackoff() {
    AtomicReference<KeyedReconciler<String>> self = new AtomicReference<>();
    reconciler =
        KeyedReconciler.<String>named(
                "test",
                (key, r) -> {
                  runs.add(r);
                  self.get().mark(key, "own");
                  throw new IllegalStateException("made to fail by the test");
                })
            .retry(NEVER)
            .start();
    self.set(reconciler);

    reconciler.mark("a", "created");

    await().during(Duration.ofMillis(200)).until(() -> runs.size() == 1);
    assertThat(reconciler.idle()).isFalse();
  }

  @Test
  void whatIsToBeLookedAtLaterRunsAgainWithoutCountingAsAFailure() {
    reconciler =
        KeyedReconciler.<String>named(
                "test",
                (key, r) -> {
                  runs.add(r);
                  return runs.size() < 3
                      ? Outcome.retryAfter(Duration.ofMillis(5))
                      : Outcome.done();
                })
            .start();

    reconciler.mark("a", "created");

    await().until(() -> reconciler.idle() && runs.size() == 3);
    assertThat(runs).extracting(Reconciliation::attempt).containsOnly(1);
    assertThat(runs)
        .extracting(Reconciliation::trigger)
        .containsExactly("created", "again", "again");
  }

  @Test
  void everyKeyIsMarkedAgainFromTimeToTimeEvenAfterAFailedListing() {
    AtomicInteger listings = new AtomicInteger();
    reconciler =
        KeyedReconciler.named("test", this::record)
            .resync(
                Duration.ofMillis(10),
                () -> {
                  if (listings.incrementAndGet() == 1) {
                    throw new IllegalStateException("made to fail by the test");
                  }
                  return Set.of("a", "b");
                })
            .start();

    await().until(() -> runs.size() >= 6);

    assertThat(runs).extracting(Reconciliation::trigger).containsOnly("resync");
  }

  @Test
  void aRunThatTakesTooLongIsNoProgress() throws InterruptedException {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    Clock clock =
        new Clock() {
          @Override
          public Instant instant() {
            return now.get();
          }

          @Override
          public java.time.ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            return this;
          }
        };
    reconciler = KeyedReconciler.named("test", this::gated).clock(clock).start();
    reconciler.mark("a", "mark");
    started.acquire();

    now.set(Instant.EPOCH.plusSeconds(61));

    assertThat(reconciler.progressing(Duration.ofSeconds(60))).isFalse();
    assertThat(reconciler.progressing(Duration.ofSeconds(62))).isTrue();
    mayEnd.release(10);
    await().until(() -> reconciler.progressing(Duration.ofSeconds(60)));
  }

  @Test
  void closingWaitsForTheRunUnderWayAndStartsNoOther() throws InterruptedException {
    reconciler = KeyedReconciler.named("test", this::gated).start();
    reconciler.mark("a", "mark");
    started.acquire();
    reconciler.mark("a", "again");

    Thread closing = Thread.ofVirtual().start(reconciler::close);
    await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
    reconciler.mark("b", "late");
    mayEnd.release(10);

    assertThat(closing.join(Duration.ofSeconds(10))).isTrue();
    assertThat(runs).extracting(Reconciliation::trigger).containsExactly("mark");
  }

  private Outcome record(String key, Reconciliation r) {
    runs.add(r);
    return Outcome.done();
  }

  private Outcome gated(String key, Reconciliation r) throws InterruptedException {
    started.release();
    mayEnd.acquire();
    runs.add(r);
    return Outcome.done();
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(5));
  }
}
