package dev.skep.deployer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnLabelsTest {
  private static JsonNode service(String label, String value) {
    ObjectNode spec = JsonNodeFactory.instance.objectNode();
    spec.putObject("Labels").put(label, value).put("com.example.a", "b");
    return spec;
  }

  @ParameterizedTest
  @CsvSource({
    "dev.skep.update, manual",
    "dev.skep.update, last",
    "dev.skep.update, last-9",
    "dev.skep.image, digest",
    "dev.skep.schedule, often",
    "dev.skep.schedule.timezone, UTC",
    "dev.skep.part, web"
  })
  void whatIsFollowedOrToldOfElsewhereIsFine(String label, String value) {
    assertThat(OwnLabels.problems(service(label, value))).isEmpty();
  }

  @Test
  void oneThatIsMisspeltIsToldWithThoseThatThereAre() {
    assertThat(OwnLabels.problems(service("dev.skep.imgae", "digest")))
        .containsExactly(
            "label dev.skep.imgae is not known; known are dev.skep.image, dev.skep.schedule,"
                + " dev.skep.update");
  }

  /** It would be updated as if it were not labelled. */
  @ParameterizedTest
  @ValueSource(strings = {"manaul", "Manual", "last-1", "last-10", "first"})
  void aValueThatMeansNothingIsTold(String value) {
    List<String> problems = OwnLabels.problems(service("dev.skep.update", value));

    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst()).contains("'" + value + "'", "last-2 to last-9");
  }

  @Test
  void oneThatStandsOnTheContainersIsTold() {
    ObjectNode spec = JsonNodeFactory.instance.objectNode();
    spec.withObject("/TaskTemplate/ContainerSpec/Labels").put("dev.skep.schedule", "@daily");

    assertThat(OwnLabels.problems(spec).getFirst()).contains("dev.skep.schedule", "deploy.labels");
  }
}
