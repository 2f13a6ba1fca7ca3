package dev.skep.cli.stack;

import static dev.skep.cli.stack.Specs.failed;
import static dev.skep.cli.stack.Specs.json;
import static dev.skep.cli.stack.Specs.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.task.TaskList;
import dev.skep.deployer.task.TaskRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TaskListTest {
  private static final Map<String, String> SERVICES =
      Map.of("SHOP_WEB", "shop_web", "SHOP_AGENT", "shop_agent");
  private static final Map<String, String> NODES = Map.of("N1", "alpha");
  private static final Instant NOW = Instant.parse("2026-03-01T10:40:00Z");

  @Test
  void tasksAreInTheOrderOfServiceAndSlotWithTheCurrentOneFirst() {
    // Given
    List<JsonNode> tasks =
        List.of(
            task("b", "SHOP_WEB", 2, "running", "running", 9),
            failed("old", "SHOP_WEB", 1, 3, 1),
            failed("newer", "SHOP_WEB", 1, 4, 5),
            task("a", "SHOP_WEB", 1, "running", "running", 7),
            task("g", "SHOP_AGENT", 0, "running", "running", 2),
            task("x", "BLOG_WEB", 1, "running", "running", 2));

    // When
    List<TaskRow> rows = TaskList.of(tasks, SERVICES, NODES);

    // Then
    assertThat(rows).extracting(TaskRow::id).containsExactly("g", "a", "newer", "old", "b");
    assertThat(rows)
        .extracting(TaskRow::name)
        .startsWith("shop_agent.alpha", "shop_web.1")
        .endsWith("shop_web.2");
  }

  @Test
  void ofWhatWasOnlyTheNewestFailureOfEachSlotIsShown() {
    // Given a slot that failed twice, one that was replaced, and one that fails for good
    List<JsonNode> tasks =
        List.of(
            task("a", "SHOP_WEB", 1, "running", "running", 7),
            failed("newer", "SHOP_WEB", 1, 4, 5),
            failed("old", "SHOP_WEB", 1, 3, 1),
            task("b", "SHOP_WEB", 2, "running", "running", 9),
            task("replaced", "SHOP_WEB", 2, "shutdown", "shutdown", 8),
            failed("gone", "SHOP_WEB", 3, 5, 3));

    // When
    List<TaskRow> rows =
        TaskList.currentAndFailed(TaskList.of(tasks, SERVICES, NODES), Map.of("shop_web", 3L));

    // Then
    assertThat(rows).extracting(TaskRow::id).containsExactly("a", "newer", "b", "gone");
  }

  @Test
  void theFailureOfASlotThatIsNoLongerWantedIsLeftOut() {
    // Given a service that was scaled from two to one after both had failed
    List<TaskRow> rows =
        TaskList.of(
            List.of(
                task("b", "SHOP_WEB", 2, "running", "running", 7),
                failed("before", "SHOP_WEB", 2, 4, 5),
                failed("unwanted", "SHOP_WEB", 1, 4, 5)),
            SERVICES,
            NODES);

    // When
    List<TaskRow> shown = TaskList.currentAndFailed(rows, Map.of("shop_web", 1L));

    // Then
    assertThat(shown).extracting(TaskRow::id).containsExactly("b", "before");
    assertThat(TaskList.currentAndFailed(rows, Map.of("shop_web", 2L))).hasSize(3);
  }

  @Test
  void theTableHasAgesAndErrorsAndMarksWhatWasBefore() {
    // Given
    List<TaskRow> rows =
        TaskList.of(
            List.of(
                task("a", "SHOP_WEB", 1, "running", "running", 7),
                failed("newer", "SHOP_WEB", 1, 4, 5)),
            SERVICES,
            NODES);

    // When
    List<String> lines = TaskTable.lines(rows, false, NOW);

    // Then
    assertThat(lines)
        .containsExactly(
            "NAME            IMAGE  NODE   DESIRED   CURRENT      ERROR",
            "shop_web.1      web:1  alpha  running   running 32m",
            " \\_ shop_web.1  web:1  alpha  shutdown  failed 34m   exit code 4");
    assertThat(TaskTable.lines(rows, true, NOW).get(1)).startsWith("a ").contains("@sha256:abc");
  }

  @Test
  void whatProgramsReadHasTimesAndCodes() {
    // Given
    TaskRow row =
        TaskList.of(List.of(failed("f", "SHOP_WEB", 1, 4, 5)), SERVICES, NODES).getFirst();

    // When
    JsonNode json = row.toJson();

    // Then
    assertThat(json(json.toString()))
        .isEqualTo(
            json(
                "{'id':'f','name':'shop_web.1','service':'shop_web','slot':1,'node':'alpha','nodeId':'N1','image':'web:1@sha256:abc','desiredState':'shutdown','state':'failed','since':'2026-03-01T10:05:30.500Z','error':'exit code 4','exitCode':4}"));
  }

  @Test
  void onlyPlacesWithoutARunningTaskHaveErrorsToTell() {
    // Given a slot that failed and runs, and seven that do not run
    List<JsonNode> tasks = new ArrayList<>();
    tasks.add(task("a", "SHOP_WEB", 1, "running", "running", 7));
    tasks.add(failed("before", "SHOP_WEB", 1, 9, 5));
    for (int slot = 2; slot <= 8; slot++) {
      tasks.add(failed("f" + slot, "SHOP_WEB", slot, slot, 5));
    }

    // When
    List<String> errors = TaskList.errors(TaskList.of(tasks, SERVICES, NODES), Map.of());

    // Then
    assertThat(errors)
        .hasSize(6)
        .startsWith("shop_web.2: exit code 2")
        .endsWith("shop_web.6: exit code 6", "and 2 more");
  }

  @Test
  void whatIsToEndIsWaitedForUnlessItsNodeIsLost() {
    // Given one task that runs and one that is to end
    List<TaskRow> rows =
        TaskList.of(
            List.of(
                task("a", "SHOP_WEB", 1, "running", "running", 7),
                task("b", "SHOP_WEB", 2, "shutdown", "running", 7),
                task("c", "SHOP_WEB", 3, "shutdown", "shutdown", 7)),
            SERVICES,
            NODES);

    // When
    Replicas waiting = Replicas.of(1, rows, Set.of());
    Replicas lost = Replicas.of(1, rows, Set.of("N1"));

    // Then
    assertThat(waiting.reached()).isFalse();
    assertThat(waiting.words()).isEqualTo("1 of 1 running, 1 ending");
    assertThat(lost.reached()).isTrue();
  }
}
