package dev.skep.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.benchmarks.PushFigures.Kind;
import dev.skep.benchmarks.PushFigures.Until;
import java.util.List;
import org.junit.jupiter.api.Test;

class PushFiguresTest {
  private static final Kind GIT = new Kind("git", "Git, one stack", Until.FIRST);
  private static final Kind REGISTRY = new Kind("registry", "registry", Until.LAST);

  private final PushFigures figures = new PushFigures();

  @Test
  void aRowHasWhatEndsItAndThePercentiles() {
    List.of(30.0, 10.0, 20.4, 40.0).forEach(t -> figures.add(GIT, Until.FIRST, t));
    figures.add(GIT, Until.RECORD, 55);

    assertThat(figures.table().lines().skip(2))
        .containsExactly(
            "| Git, one stack: to the first change in Swarm | 4 | 10 | 20 | 40 | 40 | 40 |",
            "| Git, one stack: to the deployment's end | 1 | 55 | 55 | 55 | 55 | 55 |");
    assertThat(figures.table().lines().map(l -> l.chars().filter(c -> c == '|').count()))
        .containsOnly(8L);
    assertThat(figures.line())
        .isEqualTo(
            " git.first_p50_ms=20 git.first_max_ms=40 git.record_p50_ms=55 git.record_max_ms=55");
  }

  @Test
  void onlyWhatIsPromisedCanBeMissed() {
    figures.add(GIT, Until.FIRST, 2000);
    figures.add(GIT, Until.LAST, 2001);
    figures.add(REGISTRY, Until.FIRST, 1999);
    assertThat(figures.missed()).isZero();

    figures.add(GIT, Until.FIRST, 2001);
    figures.add(REGISTRY, Until.LAST, 5000);

    assertThat(figures.missed()).isEqualTo(2);
  }
}
