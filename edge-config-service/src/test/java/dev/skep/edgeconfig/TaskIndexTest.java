package dev.skep.edgeconfig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.model.cluster.Task;
import org.junit.jupiter.api.Test;

class TaskIndexTest {
  private final TaskIndex index = new TaskIndex();
  private final Task task = Cluster.ready("t1", "shop", "10.9.0.1");

  @Test
  void aTaskIsFoundByItsService() {
    String touched = index.apply(null, task);
    assertThat(touched).isEqualTo("shop");
    assertThat(index.of("shop")).containsExactly(task);
    assertThat(index.of("other")).isEmpty();
  }

  @Test
  void aTombstoneRemovesTheTaskAndNamesItsService() {
    index.apply(null, task);
    String touched = index.apply(task, null);
    assertThat(touched).isEqualTo("shop");
    assertThat(index.of("shop")).isEmpty();
  }

  @Test
  void aTombstoneOfAnUnknownTaskTouchesNoService() {
    assertThat(index.apply(null, null)).isNull();
  }
}
