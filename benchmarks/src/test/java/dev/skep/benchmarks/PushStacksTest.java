package dev.skep.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PushStacksTest {
  private static final Instant BEFORE = Instant.ofEpochSecond(10);
  private static final Instant FIRST = Instant.ofEpochSecond(20);
  private static final Instant LAST = Instant.ofEpochSecond(30);

  @Test
  void changesAreToldInOrder() throws IOException {
    assertThat(
            PushStacks.changes(
                Map.of("a", BEFORE, "b", BEFORE, "c", FIRST),
                Map.of("a", LAST, "b", FIRST, "c", LAST)))
        .isEqualTo(List.of(FIRST, LAST, LAST));
  }

  @Test
  void aServiceThatThePushDidNotReachIsTold() {
    assertThatThrownBy(
            () ->
                PushStacks.changes(
                    Map.of("a", BEFORE, "b", BEFORE), Map.of("a", LAST, "b", BEFORE)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("of which [b] are as before");
  }

  @Test
  void servicesThatCameOrWentAreTold() {
    assertThatThrownBy(() -> PushStacks.changes(Map.of("a", BEFORE), Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("services [a]; there are now []");
    assertThatThrownBy(() -> PushStacks.changes(Map.of(), Map.of()))
        .isInstanceOf(IOException.class);
  }
}
