package dev.skep.deployer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.deployer.schedule.Schedule.Concurrency;
import dev.skep.deployer.schedule.Schedule.Missed;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleReaderTest {
  private static final Instant CREATED = Instant.parse("2026-01-30T12:00:07.5Z");

  private static Reading read(String... namesAndValues) {
    Map<String, String> labels = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      labels.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return ScheduleReader.read(labels, CREATED);
  }

  private static Schedule valid(String... namesAndValues) {
    assertThat(read(namesAndValues)).isInstanceOf(Reading.Valid.class);
    return ((Reading.Valid) read(namesAndValues)).schedule();
  }

  @Test
  void withoutTheLabelThereIsNone() {
    assertThat(read("traefik.enable", "true", ScheduleLabels.LAST, "2026-01-01T00:00:00Z"))
        .isEqualTo(new Reading.None());
    assertThat(read("swarm.cronjob.schedule", "* * * * *")).isEqualTo(new Reading.None());
    assertThat(read("swarm.cronjob.enable", "false", "swarm.cronjob.schedule", "* * * * *"))
        .isEqualTo(new Reading.None());
  }

  @Test
  void theExpressionAloneHasDefaults() {
    Schedule schedule = valid("dev.skep.schedule", "0 3 * * *");

    assertThat(schedule.zone().getId()).isEqualTo("UTC");
    assertThat(schedule.concurrency()).isEqualTo(Concurrency.SKIP);
    assertThat(schedule.missed()).isEqualTo(Missed.SKIP);
    assertThat(schedule.enabled()).isTrue();
    assertThat(schedule.replicas()).isZero();
    assertThat(schedule.times().next(CREATED)).contains(Instant.parse("2026-01-31T03:00:00Z"));
  }

  @Test
  void everyLabelIsRead() {
    Schedule schedule =
        valid(
            "dev.skep.schedule", "0 3 * * *",
            "dev.skep.schedule.timezone", "Europe/Berlin",
            "dev.skep.schedule.concurrency", "replace",
            "dev.skep.schedule.missed", "run",
            "dev.skep.schedule.enabled", "false",
            "dev.skep.schedule.replicas", "3",
            "dev.skep.schedule.last", "2026-01-30T03:00:00Z",
            "dev.skep.schedule.scaled", "3");

    assertThat(schedule.times().next(CREATED)).contains(Instant.parse("2026-01-31T02:00:00Z"));
    assertThat(schedule.concurrency()).isEqualTo(Concurrency.REPLACE);
    assertThat(schedule.missed()).isEqualTo(Missed.RUN);
    assertThat(schedule.enabled()).isFalse();
    assertThat(schedule.replicas()).isEqualTo(3);
  }

  @Test
  void theLabelsOfSwarmCronjobAreReadWithItsDefaults() {
    Schedule plain =
        valid("swarm.cronjob.enable", "true", "swarm.cronjob.schedule", "*/10 * * * * *");
    Schedule full =
        valid(
            "swarm.cronjob.enable", "true",
            "swarm.cronjob.schedule", "@hourly",
            "swarm.cronjob.skip-running", "true",
            "swarm.cronjob.replicas", "4",
            "swarm.cronjob.registry-auth", "true",
            "swarm.cronjob.query-registry", "false",
            "dev.skep.schedule.missed", "skip");

    assertThat(plain.concurrency()).isEqualTo(Concurrency.REPLACE);
    assertThat(plain.replicas()).isEqualTo(1);
    assertThat(full.concurrency()).isEqualTo(Concurrency.SKIP);
    assertThat(full.replicas()).isEqualTo(4);
    assertThat(full.times().next(CREATED)).contains(Instant.parse("2026-01-30T13:00:00Z"));
  }

  @Test
  void ownLabelsComeBeforeThoseOfSwarmCronjob() {
    Schedule schedule =
        valid(
            "dev.skep.schedule", "@daily",
            "swarm.cronjob.enable", "true",
            "swarm.cronjob.schedule", "* * * * *",
            "swarm.cronjob.replicas", "4");

    assertThat(schedule.expression()).isEqualTo("@daily");
    assertThat(schedule.concurrency()).isEqualTo(Concurrency.SKIP);
    assertThat(schedule.replicas()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          @yearly                           | 2027-01-01T00:00:00Z
          @annually                         | 2027-01-01T00:00:00Z
          @monthly                          | 2026-02-01T00:00:00Z
          @weekly                           | 2026-02-01T00:00:00Z
          @daily                            | 2026-01-31T00:00:00Z
          @midnight                         | 2026-01-31T00:00:00Z
          @Hourly                           | 2026-01-30T13:00:00Z
          @every 90s                        | 2026-01-30T12:01:37Z
          @every 1h30m                      | 2026-01-30T13:30:07Z
          CRON_TZ=Europe/Berlin 0 3 * * *   | 2026-01-31T02:00:00Z
          TZ=Europe/Berlin @daily           | 2026-01-30T23:00:00Z
          """)
  void namedAndRelativeExpressionsAreRead(String expression, Instant next) {
    assertThat(valid("dev.skep.schedule", expression).times().next(CREATED)).contains(next);
  }

  @Test
  void equalDistancesAreCountedFromTheServicesBirth() {
    Times times = valid("dev.skep.schedule", "@every 1m").times();

    assertThat(times.next(CREATED.plus(Duration.ofDays(400))))
        .contains(Instant.parse("2027-03-06T12:01:07Z"));
    assertThat(times.next(Instant.parse("2026-01-30T12:01:07Z")))
        .contains(Instant.parse("2026-01-30T12:02:07Z"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          dev.skep.schedule             | 61 * * * *     | label dev.skep.schedule '61 * * * *' cannot be read: Value 61 not in range
          dev.skep.schedule             | ``             | write when to run
          dev.skep.schedule             | @fortnightly   | use @annually, @daily
          dev.skep.schedule             | @every 0s      | the period must be at least a second
          dev.skep.schedule             | @every soon    | such as 1h30m or 90s
          dev.skep.schedule             | 0 0 30 2 *     | never comes
          dev.skep.schedule             | TZ=Mars 0 * * * * | 'Mars' is not known
          dev.skep.schedule.timezone    | Europe/Berlim  | 'Europe/Berlim' is not known; write one as Europe/Berlin
          dev.skep.schedule.timezone    | +02:00         | '+02:00' is not known
          dev.skep.schedule.concurrency | allow          | Swarm ends a service's tasks
          dev.skep.schedule.concurrency | forbid         | 'forbid' is not skip or replace
          dev.skep.schedule.missed      | always         | 'always' is not skip or run
          dev.skep.schedule.enabled     | no             | 'no' is not true or false
          dev.skep.schedule.replicas    | 0              | '0' is not a number from 1
          dev.skep.schedule.zone        | UTC            | label dev.skep.schedule.zone is not known; known are dev.skep.schedule,
          """)
  void whatIsWrongIsToldWithItsLabel(String label, String value, String told) {
    Map<String, String> labels = new HashMap<>(Map.of("dev.skep.schedule", "0 3 * * *"));
    labels.put(label, value);

    assertThat(ScheduleReader.read(labels, CREATED))
        .isInstanceOfSatisfying(
            Reading.Invalid.class,
            invalid -> {
              assertThat(invalid.problems()).hasSize(1);
              assertThat(invalid.problems().getFirst()).startsWith("label dev.skep.schedule");
              assertThat(invalid.problems().getFirst()).contains(told);
            });
  }

  @Test
  void allThatIsWrongIsToldAtOnce() {
    assertThat(
            read(
                "dev.skep.schedule", "often",
                "dev.skep.schedule.missed", "maybe",
                "dev.skep.schedule.timezone", "here"))
        .isInstanceOfSatisfying(
            Reading.Invalid.class, invalid -> assertThat(invalid.problems()).hasSize(3));
  }

  @Test
  void labelsWithoutAnExpressionAreMostLikelyAMistake() {
    assertThat(read("dev.skep.schedule.timezone", "UTC"))
        .isInstanceOfSatisfying(
            Reading.Invalid.class,
            invalid ->
                assertThat(invalid.problems())
                    .containsExactly(
                        "label dev.skep.schedule.timezone says nothing without dev.skep.schedule"));
  }

  @Test
  void aRunThatIsToBeTheOnlyOneIsRefused() {
    assertThat(
            read(
                "swarm.cronjob.enable", "true",
                "swarm.cronjob.schedule", "* * * * *",
                "swarm.cronjob.run-once", "true"))
        .isInstanceOf(Reading.Invalid.class);
  }

  @Test
  void anEndlessExpressionIsRefusedAtOnce() {
    assertThat(read("dev.skep.schedule", "1,".repeat(100_000) + " * * * *"))
        .isInstanceOf(Reading.Invalid.class);
  }
}
