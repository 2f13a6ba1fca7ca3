package dev.skep.deployer.schedule.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.skep.deployer.schedule.run.RunReport.Result;
import dev.skep.model.cluster.Service;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Moments against a clock that tests set, with a simulated Engine. */
class SchedulerTest {
  private static final String LAST_FAILURE = "skep.schedule.last.failure.timestamp";

  private static final Instant THREE = Instant.parse("2026-01-30T03:00:00Z");
  private static final Instant EVENING = Instant.parse("2026-01-29T18:00:00Z");
  private static final String JOB = "job";

  private final TestClock clock = new TestClock(EVENING);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private SimulatedSwarm swarm;
  private Scheduler scheduler;

  @BeforeEach
  void start() throws IOException {
    swarm = new SimulatedSwarm();
    scheduler = newScheduler();
  }

  @AfterEach
  void stop() {
    scheduler.close();
    swarm.close();
  }

  private Scheduler newScheduler() {
    return new Scheduler(swarm.client(), clock, meters);
  }

  private Service job(String... more) {
    Map<String, String> labels = new HashMap<>(Map.of("dev.skep.schedule", "0 3 * * *"));
    for (int i = 0; i < more.length; i += 2) {
      labels.put(more[i], more[i + 1]);
    }
    return swarm.add(JOB, labels, EVENING);
  }

  /** Sets the clock, which the scheduler would notice by itself within seconds. */
  private void at(Instant now, Service service) {
    clock.set(now);
    scheduler.observed(service);
  }

  private ScheduledService now() {
    return scheduler.all().stream().filter(s -> s.id().equals(JOB)).findFirst().orElseThrow();
  }

  private void awaitThat(Predicate<ScheduledService> condition) {
    await().atMost(Duration.ofSeconds(20)).until(this::now, condition);
  }

  private ScheduleStatus status(ScheduledService service) {
    return ScheduleStatus.of(service, scheduler.next(service), scheduler.trouble(service.id()));
  }

  private double count(String outcome) {
    return meters.get("skep.schedule.runs").tag("outcome", outcome).counter().count();
  }

  @Test
  void aServiceIsRunAtItsMomentAndItsEndIsTold() {
    Service service = job();
    scheduler.observed(service);
    scheduler.begin();
    assertThat(scheduler.next(now())).contains(THREE);

    at(THREE, service);
    awaitThat(ScheduledService::awaited);
    swarm.state(JOB, "complete");

    awaitThat(s -> s.last().result() == Result.SUCCEEDED);
    assertThat(swarm.runs(JOB)).isEqualTo(1);
    assertThat(now().last().scheduled()).isEqualTo(THREE);
    assertThat(scheduler.next(now())).contains(THREE.plus(Duration.ofDays(1)));
    assertThat(count("started")).isEqualTo(1);
    assertThat(count("succeeded")).isEqualTo(1);
    assertThat(meters.get("skep.schedule.last.success.timestamp").gauge().value()).isPositive();
  }

  @Test
  void aFailureIsToldWithItsReason() {
    Service service = job();
    scheduler.observed(service);
    scheduler.begin();

    at(THREE, service);
    awaitThat(ScheduledService::awaited);
    swarm.state(JOB, "failed");

    awaitThat(s -> s.last().result() == Result.FAILED);
    await().until(() -> meters.find(LAST_FAILURE).gauge() != null);
    assertThat(meters.get(LAST_FAILURE).gauge().value()).isPositive();
    assertThat(now().last().message()).isEqualTo("it was ended before it was done");
    assertThat(count("failed")).isEqualTo(1);
  }

  @Test
  void aRunThatGoesOnIsNotDisturbed() {
    Service service = job("dev.skep.schedule", "*/10 * * * *");
    scheduler.observed(service);
    scheduler.begin();
    at(THREE, service);
    awaitThat(ScheduledService::awaited);

    at(THREE.plus(Duration.ofMinutes(10)), service);

    awaitThat(s -> s.leftOut() != null);
    assertThat(now().leftOut().result()).isEqualTo(Result.SKIPPED);
    assertThat(now().leftOut().message()).isEqualTo("the last run goes on: 1 tasks run");
    assertThat(now().last().scheduled()).isEqualTo(THREE);
    assertThat(swarm.runs(JOB)).isEqualTo(1);
  }

  @Test
  void aRunThatGoesOnIsReplacedWhereThatIsAskedFor() {
    Service service =
        job("dev.skep.schedule", "*/10 * * * *", "dev.skep.schedule.concurrency", "replace");
    scheduler.observed(service);
    scheduler.begin();
    at(THREE, service);
    awaitThat(ScheduledService::awaited);

    at(THREE.plus(Duration.ofMinutes(10)), service);

    awaitThat(s -> !s.last().scheduled().equals(THREE));
    assertThat(swarm.runs(JOB)).isEqualTo(2);
    assertThat(count("replaced")).isEqualTo(1);
  }

  @Test
  void aMomentThatWasMissedIsLeftOut() {
    Service service = job();
    scheduler.observed(service);
    scheduler.begin();

    // The process was paused, or the clock was set.
    at(THREE.plus(Duration.ofHours(2)), service);

    awaitThat(s -> s.leftOut() != null);
    assertThat(now().leftOut().result()).isEqualTo(Result.MISSED);
    await().until(() -> meters.find(LAST_FAILURE).gauge() != null);
    assertThat(now().leftOut().scheduled()).isEqualTo(THREE);
    assertThat(scheduler.next(now())).contains(THREE.plus(Duration.ofDays(1)));
    assertThat(swarm.runs(JOB)).isZero();
  }

  @Test
  void severalMomentsThatWereMissedAreMadeUpForOnce() {
    Service service = job("dev.skep.schedule.missed", "run");
    scheduler.observed(service);
    clock.set(THREE.plus(Duration.ofDays(5)).plus(Duration.ofHours(2)));

    // A process that comes after days knows from the service up to when all is done.
    scheduler.begin();

    awaitThat(ScheduledService::awaited);
    assertThat(scheduler.next(now())).contains(THREE.plus(Duration.ofDays(6)));
    assertThat(swarm.runs(JOB)).isEqualTo(1);
  }

  @Test
  void aProcessThatComesAfterDoesNotRunItAgain() {
    Service service = job("dev.skep.schedule.missed", "run");
    scheduler.observed(service);
    scheduler.begin();
    at(THREE, service);
    awaitThat(ScheduledService::awaited);
    scheduler.close();

    scheduler = newScheduler();
    // What the topic held of it before the run is there, too.
    scheduler.observed(service);
    scheduler.begin();

    awaitThat(ScheduledService::awaited);
    assertThat(swarm.runs(JOB)).isEqualTo(1);
    assertThat(scheduler.next(now())).contains(THREE.plus(Duration.ofDays(1)));
  }

  @Test
  void twoAtOnceRunItOnce() {
    Service service = job("dev.skep.schedule", "* * * * *");
    try (Scheduler other = newScheduler()) {
      for (Scheduler one : new Scheduler[] {scheduler, other}) {
        one.observed(service);
        one.begin();
      }
      for (int minute = 0; minute < 10; minute++) {
        Instant moment = THREE.plus(Duration.ofMinutes(minute));
        swarm.state(JOB, "complete");
        clock.set(moment);
        scheduler.observed(service);
        other.observed(service);
        awaitThat(s -> s.last() != null && s.last().scheduled().equals(moment));
        await()
            .atMost(Duration.ofSeconds(20))
            .until(
                () -> other.all().iterator().next(),
                s -> s.last() != null && s.last().scheduled().equals(moment));
      }
      assertThat(swarm.runs(JOB)).isEqualTo(10);
    }
  }

  @Test
  void anEngineThatIsAwayIsTriedAgain() {
    Service service = job();
    scheduler.observed(service);
    scheduler.begin();
    swarm.down(true);
    at(THREE, service);
    awaitThat(s -> scheduler.trouble(JOB).isPresent());

    swarm.down(false);

    awaitThat(ScheduledService::awaited);
    assertThat(swarm.runs(JOB)).isEqualTo(1);
  }

  @Test
  void anEngineThatStaysAwayIsGivenAsTheReason() {
    Service service = job();
    scheduler.observed(service);
    scheduler.begin();
    swarm.down(true);
    at(THREE, service);
    awaitThat(s -> scheduler.trouble(JOB).isPresent());

    at(THREE.plus(Duration.ofMinutes(5)), service);

    awaitThat(s -> s.leftOut() != null);
    assertThat(now().leftOut().message()).contains("the simulated Engine is down");
  }

  @Test
  void aClockThatWasWrongDoesNotKeepAServiceFromItsMoments() {
    Service service = job();
    clock.set(THREE.plus(Duration.ofDays(400)));
    scheduler.observed(service);
    scheduler.begin();
    awaitThat(ScheduledService::awaited);
    swarm.state(JOB, "complete");

    at(EVENING, service);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> scheduler.next(now()), next -> next.filter(THREE::equals).isPresent());
    at(THREE, service);

    awaitThat(s -> s.last().scheduled().equals(THREE));
    assertThat(swarm.runs(JOB)).isEqualTo(2);
  }

  @Test
  void aLabelThatIsChangedCountsAtOnce() {
    scheduler.observed(job());
    scheduler.begin();

    Service changed = swarm.add(JOB, Map.of("dev.skep.schedule", "0 19 * * *"), EVENING);
    scheduler.observed(changed);
    assertThat(scheduler.next(now())).contains(Instant.parse("2026-01-29T19:00:00Z"));

    scheduler.observed(swarm.add(JOB, Map.of(), EVENING));
    assertThat(scheduler.all()).isEmpty();
    assertThat(meters.getMeters()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"99 * * * *", "", "@every", "0 0 30 2 *"})
  void aBadLabelHarmsNoOther(String expression) {
    scheduler.observed(swarm.add("bad", Map.of("dev.skep.schedule", expression), EVENING));
    Service service = job();
    scheduler.observed(service);
    scheduler.begin();

    at(THREE, service);

    awaitThat(ScheduledService::awaited);
    ScheduledService bad =
        scheduler.all().stream().filter(s -> s.id().equals("bad")).findFirst().orElseThrow();
    assertThat(status(bad).problems()).hasSize(1);
    assertThat(scheduler.next(bad)).isEmpty();
  }

  @Test
  void oneThatIsSwitchedOffIsNotRun() {
    Service off = job("dev.skep.schedule.enabled", "false");
    scheduler.observed(off);
    scheduler.begin();

    assertThat(scheduler.next(now())).isEmpty();
    assertThat(status(now()).enabled()).isFalse();
  }

  @Test
  void aThousandAtOneSecondAreAFewCallsAtATime() {
    for (int i = 0; i < 1000; i++) {
      scheduler.observed(swarm.add("job" + i, Map.of("dev.skep.schedule", "0 3 * * *"), EVENING));
    }
    clock.set(THREE);
    scheduler.begin();

    await()
        .atMost(Duration.ofSeconds(50))
        .until(() -> scheduler.all().stream().allMatch(ScheduledService::awaited));
    for (int i = 0; i < 1000; i++) {
      assertThat(swarm.runs("job" + i)).isEqualTo(1);
    }
    // Those that run services, and the one that waits for their ends.
    assertThat(swarm.mostAtWork()).isBetween(1, 17);
  }
}
