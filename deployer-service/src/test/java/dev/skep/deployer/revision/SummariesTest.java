package dev.skep.deployer.revision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.model.stack.Deployment.Step;
import dev.skep.model.stack.Revision.Changed;
import dev.skep.model.stack.Revision.Summary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SummariesTest {
  private static Step step(String action) {
    return new Step("service", "s_" + action, action, "");
  }

  @Test
  void countsWhatWasDoneAndNamesTheFields() {
    Summary summary =
        Summaries.of(
            List.of(
                step("created"),
                step("updated"),
                step("updating"),
                step("unchanged"),
                step("failed"),
                step("awaited")),
            Map.of("s_updated", List.of("/TaskTemplate/ContainerSpec/Image"), "s_same", List.of()));

    assertThat(summary.text()).isEqualTo("1 created, 2 updated, 1 failed");
    assertThat(summary.unchanged()).isEqualTo(1);
    assertThat(summary.changed())
        .containsExactly(new Changed("s_updated", List.of("/TaskTemplate/ContainerSpec/Image")));
    assertThat(summary.more()).isZero();
  }

  @Test
  void nothingDoneSaysSo() {
    assertThat(Summaries.of(List.of(step("unchanged")), Map.of()).text())
        .isEqualTo("nothing to do");
  }

  @Test
  void whatIsHeldInMemoryIsBounded() {
    List<String> fields = IntStream.range(0, 100).mapToObj(i -> "/f" + i).toList();
    Map<String, List<String>> many = new HashMap<>();
    IntStream.range(0, 500).forEach(i -> many.put("s_" + i, fields));

    Summary summary = Summaries.of(List.of(), many);

    assertThat(summary.changed()).hasSize(Summaries.MOST_SERVICES);
    assertThat(summary.changed().getFirst().fields()).hasSize(Summaries.MOST_FIELDS);
    assertThat(summary.more()).isEqualTo(500 - Summaries.MOST_SERVICES);
  }
}
