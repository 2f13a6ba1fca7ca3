package dev.skep.deployer.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.apply.ApplyOptions;
import dev.skep.deployer.apply.LiveEngine;
import dev.skep.deployer.apply.Waiting;
import dev.skep.deployer.compose.Dependency;
import dev.skep.deployer.compose.Dependency.Condition;
import dev.skep.deployer.state.StackBody;
import dev.skep.model.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service waits for goes to the deployer, and not to the Engine. */
class StackObjectsTest {
  @TempDir Path dir;

  private StackObjects objects() {
    return LiveEngine.objects(
        dir,
        "s",
        """
        services:
          web: {image: a, depends_on: {db: {condition: service_healthy}, gone: {required: false}}}
          api: {image: a, depends_on: [db]}
          db: {image: b}
        """);
  }

  @Test
  void dependenciesHaveTheNamesOfTheClusterAndTravelWithTheObjects() {
    StackBody body = new StackBody("s", objects(), ApplyOptions.defaults());

    StackBody read = StackBody.fromBytes(body.toBytes());

    assertThat(read.objects().dependencies())
        .isEqualTo(
            Map.of(
                "s_web", List.of(new Dependency("s_db", Condition.HEALTHY, true)),
                "s_api", List.of(new Dependency("s_db", Condition.STARTED, true))));
    assertThat(read.toBytes()).isEqualTo(body.toBytes());
  }

  @Test
  void whatIsPrintedAndSentToTheEngineHasNone() {
    assertThat(objects().toJson().toString()).doesNotContain("depend");
    assertThat(objects().services().toString()).doesNotContain("depend");
  }

  @Test
  void aBodyOfAnOlderCommandIsReadAndItsServicesAreWaitedFor() {
    ObjectNode old = Json.mapper().createObjectNode().put("stack", "s");
    old.set("objects", objects().toJson());
    old.putObject("options").put("prune", true);

    StackBody read = StackBody.fromJson(old);

    assertThat(read.objects().dependencies()).isEmpty();
    assertThat(read.options().waiting()).isEqualTo(new Waiting(true, Duration.ofMinutes(10)));
  }

  @Test
  void aBodyWithACircleIsRefused() {
    ObjectNode body = Json.mapper().createObjectNode().put("stack", "s");
    ObjectNode objects = objects().toBody();
    objects
        .withObject("/dependencies")
        .putArray("s_db")
        .addObject()
        .put("service", "s_web")
        .put("condition", "service_started");
    body.set("objects", objects);

    assertThatThrownBy(() -> StackBody.fromJson(body))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("services depend on each other in a circle: s_db -> s_web -> s_db");
  }

  @Test
  void aTimeThatIsTooLongIsRefused() {
    ObjectNode body = Json.mapper().createObjectNode().put("stack", "s");
    body.set("objects", objects().toBody());
    body.putObject("options").put("timeoutSeconds", 100_000);

    assertThatThrownBy(() -> StackBody.fromJson(body))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from 1 s to 24 h");
  }
}
