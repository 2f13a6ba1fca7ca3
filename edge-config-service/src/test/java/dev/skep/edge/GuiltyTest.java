package dev.skep.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GuiltyTest {
  @Test
  void each_guilty_one_is_found_among_many() {
    List<Integer> suspects = IntStream.range(0, 500).boxed().toList();
    AtomicInteger asked = new AtomicInteger();

    Optional<Set<Integer>> guilty =
        Guilty.find(
            suspects,
            with -> {
              asked.incrementAndGet();
              return !with.contains(17) && !with.contains(401);
            });

    assertThat(guilty).contains(Set.of(17, 401));
    assertThat(asked.get()).isLessThan(45);
  }

  @Test
  void a_fault_that_lies_elsewhere_accuses_nobody() {
    Optional<Set<String>> guilty = Guilty.find(List.of("a", "b"), with -> false);

    assertThat(guilty).isEmpty();
  }
}
