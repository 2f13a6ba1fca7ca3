package dev.skep.deployer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.model.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UpdateOrderTest {
  private static ObjectNode service(String name, String update) {
    ObjectNode service = Json.mapper().createObjectNode().put("Name", name);
    service.putObject("Labels").put("dev.skep.update", update);
    return service;
  }

  private static List<List<String>> waves(String own, ObjectNode... services) {
    return Waves.of(List.of(services), Map.of(), own).ranks().stream()
        .map(w -> w.stream().map(s -> s.path("Name").asText()).toList())
        .toList();
  }

  @Test
  void theOwnServiceComesAfterAllOthersWhateverItsLabel() {
    assertThat(
            waves(
                "s_b",
                service("s_a", "last"),
                service("s_b", ""),
                service("s_c", "manual"),
                service("s_d", "")))
        .containsExactly(List.of("s_c", "s_d"), List.of("s_a"), List.of("s_b"));
    assertThat(waves("s_b", service("s_b", "last"), service("s_c", "last")))
        .containsExactly(List.of("s_c"), List.of("s_b"));
  }

  @Test
  void whatIsLastMayHaveAnOrderOfItsOwn() {
    assertThat(
            waves(
                "s_own",
                service("s_own", "last-9"),
                service("s_c", "last-3"),
                service("s_b", "last-2"),
                service("s_a", "last"),
                service("s_no", "last-10"),
                service("s_d", "last")))
        .containsExactly(
            List.of("s_no"),
            List.of("s_a", "s_d"),
            List.of("s_b"),
            List.of("s_c"),
            List.of("s_own"));
  }

  @Test
  void withoutAnOwnServiceOrLabelsAllAreMadeAtOnce() {
    assertThat(waves("", service("s_a", ""), service("s_b", "")))
        .containsExactly(List.of("s_a", "s_b"));
    assertThat(waves("other", service("s_a", ""))).containsExactly(List.of("s_a"));
  }

  @Test
  void whatIsUpdatedByHandIsHeld() {
    assertThat(UpdateOrder.held(service("s", "manual"))).isTrue();
    assertThat(UpdateOrder.held(service("s", "last"))).isFalse();
  }
}
