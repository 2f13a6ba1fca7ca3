package dev.skep.deployer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.schedule.RunSpec;
import dev.skep.deployer.schedule.ScheduleLabels;
import dev.skep.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run by schedule changes the service; to a deployment it is as it was. */
class ScheduledRunTest {
  private static final Instant TICK = Instant.parse("2026-01-30T03:00:00Z");
  private static final String SCHEDULE = "\"dev.skep.schedule\":\"0 3 * * *\"";

  private static ObjectNode spec(String mode, String labels) {
    try {
      return (ObjectNode)
          Json.mapper()
              .readTree(
                  """
          {"Name":"s","Labels":{%s},"Mode":%s,
           "TaskTemplate":{"ContainerSpec":{"Image":"i"},"RestartPolicy":{"Condition":"none"}}}
          """
                      .formatted(labels, mode));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean differs(JsonNode live, JsonNode desired) {
    return !SpecForm.of(SpecOverlay.apply(live, desired)).equals(SpecForm.of(live));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"ReplicatedJob":{"MaxConcurrent":1,"TotalCompletions":1}}
          {"ReplicatedJob":{"MaxConcurrent":0,"TotalCompletions":0}}
          {"GlobalJob":{}}
          {"Global":{}}
          {"Replicated":{"Replicas":0}}
          {"Replicated":{"Replicas":3}}
          """)
  void aServiceThatWasRunIsAsItsFileSays(String mode) {
    ObjectNode file = spec(mode, SCHEDULE);

    assertThat(differs(RunSpec.of(file, 0, TICK), file)).isFalse();
  }

  @Test
  void soIsOneWithAsManyTasksAsItsLabelSays() {
    ObjectNode file =
        spec(
            "{\"Replicated\":{\"Replicas\":0}}",
            "\"swarm.cronjob.enable\":\"true\",\"swarm.cronjob.schedule\":\"@daily\",\"swarm.cronjob.replicas\":\"4\"");

    assertThat(differs(RunSpec.of(file, 4, TICK), file)).isFalse();
    assertThat(differs(RunSpec.of(file, 5, TICK), file)).isTrue();
  }

  @Test
  void anotherNumberThatSomeoneSetIsADifference() {
    ObjectNode live = RunSpec.of(spec("{\"Replicated\":{\"Replicas\":3}}", SCHEDULE), 0, TICK);

    assertThat(differs(live, spec("{\"Replicated\":{\"Replicas\":2}}", SCHEDULE))).isTrue();
  }

  @Test
  void aDeploymentKeepsTheMomentOfTheLastRun() {
    ObjectNode file = spec("{\"GlobalJob\":{}}", SCHEDULE + ",\"a\":\"b\"");
    ObjectNode live = RunSpec.of(spec("{\"GlobalJob\":{}}", SCHEDULE), 0, TICK);

    ObjectNode sent = SpecOverlay.apply(live, file);

    assertThat(sent.path("Labels").path(ScheduleLabels.LAST).asText()).isEqualTo(TICK.toString());
    assertThat(sent.path("Labels").path("a").asText()).isEqualTo("b");
    assertThat(sent.at("/TaskTemplate/ForceUpdate").asInt()).isEqualTo(1);
  }

  @Test
  void aServiceWhoseScheduleWasTakenAwayForgetsIt() {
    ObjectNode live = RunSpec.of(spec("{\"Replicated\":{\"Replicas\":0}}", SCHEDULE), 0, TICK);

    ObjectNode sent = SpecOverlay.apply(live, spec("{\"Replicated\":{\"Replicas\":0}}", ""));

    assertThat(sent.path("Labels")).isEmpty();
    assertThat(sent.at("/Mode/Replicated/Replicas").asInt()).isZero();
  }

  @Test
  void aScheduleThatCannotBeReadIsWarnedOf() {
    ServicePlanner planner =
        new ServicePlanner(Names.empty(), List.of(), ImagePins.NONE, "1.41", false);

    assertThat(planner.warnings(spec("{\"GlobalJob\":{}}", SCHEDULE))).isEmpty();
    assertThat(planner.warnings(spec("{\"GlobalJob\":{}}", "\"dev.skep.schedule\":\"often\"")))
        .singleElement()
        .asString()
        .startsWith(
            "service s is not run by its schedule: label dev.skep.schedule 'often' cannot be read");
  }

  @Test
  void anUpdateOfLabelsDoesNotEndARun() {
    ObjectNode live = RunSpec.of(spec("{\"Replicated\":{\"Replicas\":0}}", SCHEDULE), 0, TICK);
    ObjectNode file = spec("{\"Replicated\":{\"Replicas\":0}}", SCHEDULE + ",\"a\":\"b\"");

    assertThat(SpecOverlay.apply(live, file).at("/Mode/Replicated/Replicas").asInt()).isEqualTo(1);
  }

  @Test
  void anotherImageWaitsForTheNextMoment() {
    ObjectNode live = RunSpec.of(spec("{\"Replicated\":{\"Replicas\":0}}", SCHEDULE), 0, TICK);
    ObjectNode file = spec("{\"Replicated\":{\"Replicas\":0}}", SCHEDULE);
    ((ObjectNode) file.at("/TaskTemplate/ContainerSpec")).put("Image", "j");

    assertThat(SpecOverlay.apply(live, file).at("/Mode/Replicated/Replicas").asInt()).isZero();
  }

  @Test
  void aJobThatBeginsWithNoTaskIsNotRunByADeploymentThatChangesIt() {
    String none = "{\"ReplicatedJob\":{\"MaxConcurrent\":0,\"TotalCompletions\":0}}";
    ObjectNode live = RunSpec.of(spec(none, SCHEDULE), 0, TICK);

    ObjectNode sent = SpecOverlay.apply(live, spec(none, SCHEDULE + ",\"a\":\"b\""));

    assertThat(sent.at("/Mode/ReplicatedJob/TotalCompletions").asInt()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"ReplicatedJob":{"MaxConcurrent":0,"TotalCompletions":0}} | */5 * * * * | true
          {"GlobalJob":{}}                                          | @hourly     | true
          {"GlobalJob":{}}                                          | @every 22h  | true
          {"GlobalJob":{}}                                          | 0 3 * * *   | false
          {"Replicated":{"Replicas":0}}                             | */5 * * * * | false
          """)
  void jobsThatRunOftenPileUp(String mode, String when, boolean warned) {
    ObjectNode file = spec(mode, "\"dev.skep.schedule\":\"%s\"".formatted(when));

    assertThat(String.join("", ScheduledRun.warnings(file)).contains("Swarm keeps the task"))
        .isEqualTo(warned);
  }
}
