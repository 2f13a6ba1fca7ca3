package dev.skep.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.benchmarks.DeployFigures.Measure;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeployFiguresTest {
  @Test
  void aCellHasTheMedianWhatItIsToTheClientsAndTheExtremes() {
    DeployFigures figures = new DeployFigures();
    List.of(900.0, 1000.0, 3000.0).forEach(t -> figures.add("50 new", Measure.DOCKER, t));
    List.of(300.0, 250.0, 200.0).forEach(t -> figures.add("50 new", Measure.ACCEPTED, t));
    figures.add("5 new", Measure.WALL, 70.4);

    assertThat(figures.table().lines().skip(2))
        .containsExactly(
            "| 50 new | 1000 [900, 3000] |  | 250 (x0.25) [200, 300] |  |  |",
            "| 5 new |  |  |  |  | 70 |");
    assertThat(figures.line())
        .isEqualTo(" 50-new.docker_ms=1000 50-new.accepted_ms=250 5-new.wall_ms=70");
  }

  @Test
  void everyRowHasAsManyCellsAsTheHead() {
    DeployFigures figures = new DeployFigures();
    figures.add("new", Measure.DIRECT, 1);

    assertThat(figures.table().lines().map(l -> l.chars().filter(c -> c == '|').count()))
        .hasSize(3)
        .containsOnly(Measure.values().length + 2L);
  }
}
