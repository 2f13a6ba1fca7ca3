package dev.skep.deployer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecFormTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{}|{\"Mode\":{\"Replicated\":{\"Replicas\":1}}}",
        "{\"Mode\":{\"ReplicatedJob\":{}}}|{\"Mode\":{\"ReplicatedJob\":{\"MaxConcurrent\":1,\"TotalCompletions\":1}}}",
        "{\"EndpointSpec\":{}}|{\"EndpointSpec\":{\"Mode\":\"vip\"}}",
        "{\"TaskTemplate\":{\"ForceUpdate\":0}}|{\"TaskTemplate\":{\"ForceUpdate\":5,\"Runtime\":\"container\"}}",
        "{\"UpdateConfig\":{\"Parallelism\":1,\"Order\":\"\",\"MaxFailureRatio\":0.3}}|{\"UpdateConfig\":{\"Parallelism\":1,\"Order\":\"stop-first\",\"FailureAction\":\"pause\",\"MaxFailureRatio\":0.30000001192092896}}",
      })
  void whatTheEngineFillsInMakesNoDifference(String sent, String read) throws Exception {
    assertThat(SpecForm.of(json(read))).isEqualTo(SpecForm.of(json(sent)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{}|{\"Mode\":{\"Replicated\":{\"Replicas\":0}}}",
        "{}|{\"Mode\":{\"Global\":{}}}",
        "{\"Mode\":{\"GlobalJob\":{}}}|{\"Mode\":{\"Global\":{}}}",
        "{\"Labels\":{}}|{\"Labels\":{\"a\":\"\"}}",
        "{\"UpdateConfig\":{\"Parallelism\":0}}|{}",
        "{\"TaskTemplate\":{\"ContainerSpec\":{\"Init\":false}}}|{\"TaskTemplate\":{\"ContainerSpec\":{}}}",
        "{\"TaskTemplate\":{\"ContainerSpec\":{\"StopGracePeriod\":0}}}|{}",
        "{\"TaskTemplate\":{\"ContainerSpec\":{\"Args\":[\"\"]}}}|{}",
      })
  void whatMeansSomethingElseDiffers(String one, String other) throws Exception {
    assertThat(SpecForm.of(json(other))).isNotEqualTo(SpecForm.of(json(one)));
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return Json.mapper().readTree(text);
  }
}
