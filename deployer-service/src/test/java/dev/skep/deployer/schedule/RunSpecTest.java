package dev.skep.deployer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunSpecTest {
  private static final Instant TICK = Instant.parse("2026-01-30T03:00:00Z");

  private static ObjectNode spec(String mode, String restart) {
    try {
      return (ObjectNode)
          Json.mapper()
              .readTree(
                  """
          {"Name":"s","Labels":{"a":"b"},"Mode":%s,"NewField":{"x":[1]},
           "TaskTemplate":{"ContainerSpec":{"Image":"i","Groups":["1"]},
           "RestartPolicy":{"Condition":"%s"},"ForceUpdate":4}}
          """
                      .formatted(mode, restart));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void onlyWhatARunNeedsIsChanged() {
    ObjectNode live = spec("{\"GlobalJob\":{}}", "none");
    ObjectNode before = live.deepCopy();

    ObjectNode run = RunSpec.of(live, 3, TICK);

    ObjectNode expected = before.deepCopy();
    ((ObjectNode) expected.path("TaskTemplate")).put("ForceUpdate", 5);
    ((ObjectNode) expected.path("Labels")).put(ScheduleLabels.LAST, "2026-01-30T03:00:00Z");
    assertThat(run).hasToString(expected.toString());
    assertThat(live).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"Replicated":{"Replicas":0}} | 0 | {"Replicated":{"Replicas":1}}
          {"Replicated":{"Replicas":0}} | 3 | {"Replicated":{"Replicas":3}}
          {"Replicated":{"Replicas":5}} | 0 | {"Replicated":{"Replicas":5}}
          {"Replicated":{"Replicas":5}} | 3 | {"Replicated":{"Replicas":3}}
          {"Replicated":{}}             | 0 | {"Replicated":{"Replicas":1}}
          {"ReplicatedJob":{"MaxConcurrent":0,"TotalCompletions":0}} | 0 | {"ReplicatedJob":{"MaxConcurrent":1,"TotalCompletions":1}}
          {"ReplicatedJob":{"MaxConcurrent":0,"TotalCompletions":0}} | 4 | {"ReplicatedJob":{"MaxConcurrent":4,"TotalCompletions":4}}
          {"ReplicatedJob":{"MaxConcurrent":2,"TotalCompletions":9}} | 4 | {"ReplicatedJob":{"MaxConcurrent":2,"TotalCompletions":9}}
          {"ReplicatedJob":{}}          | 0 | {"ReplicatedJob":{}}
          """)
  void numbersThatAreNoneBecomeSome(String mode, int replicas, String expected) {
    assertThat(RunSpec.of(spec(mode, "none"), replicas, TICK).path("Mode")).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"Replicated":{"Replicas":2}} | none       | true
          {"Replicated":{"Replicas":2}} | on-failure | true
          {"Replicated":{"Replicas":2}} | any        | false
          {"Replicated":{"Replicas":1}} | none       | false
          {"ReplicatedJob":{"TotalCompletions":2}} | none | false
          """)
  void tasksThatEndAreTakenAwayBeforeThereAreSeveral(
      String mode, String restart, boolean expected) {
    assertThat(RunSpec.needsNone(spec(mode, restart))).isEqualTo(expected);
  }

  @Test
  void howManyThereWereOutlivesAProcessThatDiesInBetween() {
    ObjectNode between = RunSpec.none(spec("{\"Replicated\":{\"Replicas\":5}}", "none"));
    ObjectNode run = RunSpec.of(between, 0, TICK);

    assertThat(between.at("/Mode/Replicated/Replicas").asInt()).isZero();
    assertThat(run.at("/Mode/Replicated/Replicas").asInt()).isEqualTo(5);
    assertThat(run.path("Labels").has(ScheduleLabels.SCALED)).isFalse();
  }
}
