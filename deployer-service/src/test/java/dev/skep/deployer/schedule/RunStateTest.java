package dev.skep.deployer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.schedule.RunState.Phase;
import dev.skep.deployer.schedule.Schedule.Concurrency;
import dev.skep.deployer.schedule.Schedule.Missed;
import dev.skep.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How far a run has come, and what is done at the next moment because of it. */
class RunStateTest {
  private static final String JOB = "{ReplicatedJob: {MaxConcurrent: 1, TotalCompletions: 2}}";
  private static final String ENDED = "2026-01-30T03:05:00Z";

  private static JsonNode json(String text) {
    try {
      return Json.mapper()
          .reader()
          .withFeatures(
              JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES, JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode service(String mode) {
    return json(
        "{Spec: {Mode: %s, TaskTemplate: {ForceUpdate: 7}}, JobStatus: {JobIteration: {Index: 7}}}"
            .formatted(mode));
  }

  /** A task as {@code run/slot/desired/state}, where a node has the slot's number. */
  private static JsonNode task(String text) {
    String[] parts = text.strip().split("/", -1);
    return json(
        """
        {ID: '%1$s', Slot: %3$s, NodeID: 'n%3$s', DesiredState: '%4$s',
         JobIteration: {Index: %2$s}, Spec: {ForceUpdate: %2$s},
         Status: {State: '%5$s', Timestamp: '%6$s', Err: '%7$s'}}
        """
            .formatted(
                text.strip(),
                parts[0],
                parts[1],
                parts[2],
                parts[3],
                ENDED,
                parts[3].equals("failed") ? "task: non-zero exit (3)" : ""));
  }

  private static RunState state(String mode, String tasks) {
    List<JsonNode> all =
        tasks == null
            ? List.of()
            : Arrays.stream(tasks.split(",", -1)).map(RunStateTest::task).toList();
    return RunState.of(service(mode), all);
  }

  private static String mode(String kind) {
    return switch (kind) {
      case "job" -> JOB;
      case "global job" -> "{GlobalJob: {}}";
      case "replicated" -> "{Replicated: {Replicas: 2}}";
      case "global" -> "{Global: {}}";
      default -> throw new IllegalArgumentException(kind);
    };
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          job        |                                                             | NONE
          job        | 7/0/complete/running                                        | RUNNING
          job        | 7/0/complete/pending                                        | RUNNING
          job        | 7/0/complete/complete                                       | RUNNING
          job        | 7/0/complete/complete, 7/1/complete/complete                | SUCCEEDED
          job        | 7/0/shutdown/failed                                         | FAILED
          job        | 7/0/shutdown/failed, 7/0/ready/ready                        | RUNNING
          job        | 6/0/complete/complete, 6/1/complete/complete                | NONE
          job        | 6/0/remove/running, 7/0/complete/assigned                   | RUNNING
          job        | 7/0/remove/running                                          | FAILED
          job        | 7/0/complete/rejected                                       | FAILED
          job        | 8/0/complete/running                                        | RUNNING
          replicated | 8/1/shutdown/failed, 7/1/shutdown/complete, 7/2/shutdown/complete | SUCCEEDED
          global job | 7/1/complete/complete, 7/2/complete/running                 | RUNNING
          global job | 7/1/complete/complete, 7/2/complete/complete                | SUCCEEDED
          global job | 7/1/complete/complete, 7/2/shutdown/failed                  | FAILED
          global job | 7/1/shutdown/failed, 7/1/complete/complete                  | SUCCEEDED
          replicated | 7/1/running/running, 7/2/shutdown/complete                  | RUNNING
          replicated | 7/1/shutdown/complete, 7/2/shutdown/complete                | SUCCEEDED
          replicated | 7/1/shutdown/failed, 7/1/shutdown/complete, 7/2/shutdown/complete | SUCCEEDED
          replicated | 7/1/shutdown/complete, 7/2/shutdown/failed                  | FAILED
          replicated | 6/1/shutdown/complete, 6/2/shutdown/failed                  | NONE
          global     | 7/1/shutdown/complete                                       | SUCCEEDED
          """)
  void isSeenFromTheTasks(String kind, String tasks, Phase expected) {
    assertThat(state(mode(kind), tasks).phase()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          7/0/shutdown/failed   | exit code 3
          7/0/remove/shutdown   | it was ended before it was done
          """)
  void aFailureIsToldInWords(String task, String message) {
    assertThat(state(JOB, task).message()).isEqualTo(message);
    assertThat(state(JOB, task).ended()).isEqualTo(Instant.parse(ENDED));
  }

  @ParameterizedTest(name = "{0}: {1}, label {2}, {3} at {4}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          it never ran                          | skip    |                      |                       | 2026-01-30T03:10:00Z | Run
          the run before is done                | skip    | 2026-01-30T02:10:00Z | 7/0/shutdown/failed   | 2026-01-30T03:10:00Z | Run
          the run before goes on                | skip    | 2026-01-30T02:10:00Z | 7/0/complete/running  | 2026-01-30T03:10:00Z | Skip
          the run before goes on                | replace | 2026-01-30T02:10:00Z | 7/0/complete/running  | 2026-01-30T03:10:00Z | Run
          it was run for this moment            | skip    | 2026-01-30T03:10:00Z | 7/0/shutdown/failed   | 2026-01-30T03:10:00Z | Done
          it was run for this moment            | replace | 2026-01-30T03:10:00Z |                       | 2026-01-30T03:10:00Z | Done
          it was run for a later moment         | skip    | 2026-01-30T03:10:30Z |                       | 2026-01-30T03:10:40Z | Done
          the label was written by a wrong clock| skip    | 2027-01-30T03:10:00Z |                       | 2026-01-30T03:10:00Z | Run
          the label is no time                  | skip    | yesterday            |                       | 2026-01-30T03:10:00Z | Run
          made up for, the run before had ended | skip    | 2026-01-30T02:10:00Z | 7/0/shutdown/failed   | 2026-01-30T09:00:00Z | Run
          """)
  void decidesWhatIsDone(
      String rule, String concurrency, String label, String tasks, Instant now, String expected) {
    Instant tick = Instant.parse("2026-01-30T03:10:00Z");

    assertThat(decision(concurrency, label, tasks, tick, now).getClass().getSimpleName())
        .as(rule)
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"skip, Skip", "replace, Run"})
  void whatWouldHaveBeenSkippedIsNotMadeUpFor(String concurrency, String expected) {
    // The moment was missed while the run before went on, which ended at 03:05.
    Instant tick = Instant.parse("2026-01-30T03:00:00Z");
    Instant now = Instant.parse("2026-01-30T09:00:00Z");

    assertThat(
            decision(concurrency, "2026-01-30T02:10:00Z", "7/0/shutdown/failed", tick, now)
                .getClass()
                .getSimpleName())
        .isEqualTo(expected);
  }

  private static Decision decision(
      String concurrency, String label, String tasks, Instant tick, Instant now) {
    Schedule schedule =
        new Schedule(
            "0 3 * * *",
            ZoneId.of("UTC"),
            CronTimes.parse("0 3 * * *", ZoneId.of("UTC")),
            concurrency.equals("skip") ? Concurrency.SKIP : Concurrency.REPLACE,
            Missed.RUN,
            true,
            0);
    JsonNode service = service(JOB);
    if (label != null) {
      ((ObjectNode) service.path("Spec")).putObject("Labels").put(ScheduleLabels.LAST, label);
    }
    return Decision.of(schedule, tick, now, service, state(JOB, tasks));
  }
}
