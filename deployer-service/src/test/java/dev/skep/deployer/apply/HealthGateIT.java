package dev.skep.deployer.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.engine.Filters;
import dev.skep.model.stack.Deployment.Step;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Order, health and failure on a real Swarm. */
@RequiresEngine
@RequiresImage("haproxy:3.4")
class HealthGateIT {
  private static final String STACK = "dt-gate";

  /** Long enough never to be waited for where a test is right. */
  private static final Duration LONG = Duration.ofMinutes(3);

  /** No network to be made and left: that takes seconds. */
  private static final String COMMON =
      """
      x-sleep: &sleep
        image: haproxy:3.4
        entrypoint: [sleep, "1000"]
        stop_grace_period: 0s
        networks: [host]
      networks: {host: {external: true}}
      services:
      """;

  private static final String SOON = "deploy: {update_config: {monitor: 500ms}}";

  @RegisterExtension final LiveEngine engine = new LiveEngine();
  @TempDir Path dir;
  private final List<Step> told = Collections.synchronizedList(new ArrayList<>());

  private ApplyResult apply(String services, Duration timeout) {
    return apply(services, new Waiting(true, timeout));
  }

  private ApplyResult apply(String services, Waiting waiting) {
    return engine
        .applier()
        .apply(
            STACK,
            LiveEngine.objects(dir, STACK, COMMON + services.indent(2)),
            LiveEngine.OPTIONS.with(waiting),
            told::add);
  }

  private List<String> told() {
    return told.stream().map(s -> s.action() + " " + s.name()).toList();
  }

  private static List<String> lines(ApplyResult result) {
    return result.steps().stream().map(s -> s.action() + " " + s.name()).toList();
  }

  private Instant created(String service) {
    return Instant.parse(engine.service(STACK + "_" + service).path("CreatedAt").asText());
  }

  /** When the newest task of a service came to a state. */
  private Instant since(String service, String state) {
    for (JsonNode task : engine.client().tasks(Filters.of("service", STACK + "_" + service))) {
      if (task.at("/Status/State").asText().equals(state)) {
        return Instant.parse(task.at("/Status/Timestamp").asText());
      }
    }
    throw new AssertionError(service + " has no task that is " + state);
  }

  @Test
  void aServiceIsBegunWhenWhatItDependsOnIsHealthyAndAfterAJobHasCompleted() {
    ApplyResult result =
        apply(
            """
            web:
              <<: *sleep
              depends_on: {db: {condition: service_healthy}, setup: {condition: service_completed_successfully}}
              %1$s
            db:
              <<: *sleep
              entrypoint: [sh, -c, "sleep 2; touch /tmp/up; sleep 1000"]
              healthcheck: {test: [CMD, test, -f, /tmp/up], interval: 1s, retries: 9}
              %1$s
            setup:
              <<: *sleep
              entrypoint: [sleep, "2"]
              deploy: {mode: replicated-job, restart_policy: {condition: none}}
            other: {<<: *sleep, %1$s}
            """
                .formatted(SOON),
            LONG);

    assertThat(result.error()).isEmpty();
    assertThat(lines(result))
        .containsExactly(
            "created dt-gate_db",
            "created dt-gate_other",
            "created dt-gate_setup",
            "created dt-gate_web");
    assertThat(created("web")).isAfter(since("db", "running")).isAfter(since("setup", "complete"));
    assertThat(created("other")).isBefore(since("setup", "complete"));
    assertThat(told()).contains("settled dt-gate_web", "settled dt-gate_setup");
  }

  @Test
  void aSecondTimeNothingIsWaitedForAndOnlyWhatChangedIsRestarted() {
    String two =
        """
        web: {<<: *sleep, depends_on: [db], %1$s}
        db: {<<: *sleep, environment: {V: "%2$s"}, %1$s}
        """;
    apply(two.formatted(SOON, "1"), LONG);

    ApplyResult result = apply(two.formatted(SOON, "2"), LONG);

    assertThat(lines(result)).containsExactly("updated dt-gate_db", "unchanged dt-gate_web");
    assertThat(engine.previousSpecs(STACK)).containsExactly("dt-gate_db");
    told.clear();
    assertThat(lines(apply(two.formatted(SOON, "2"), LONG)))
        .containsExactly("unchanged dt-gate_db", "unchanged dt-gate_web");
  }

  @Test
  void whatDependsOnAServiceThatDoesNotComeIsLeftAsItIs() {
    ApplyResult result =
        apply(
            """
            web: {<<: *sleep, depends_on: [api]}
            api: {<<: *sleep, depends_on: {db: {condition: service_healthy}}}
            db:
              <<: *sleep
              entrypoint: [sh, -c, exit 3]
              deploy: {restart_policy: {delay: 0s}}
            """,
            LONG);

    assertThat(lines(result))
        .containsExactly(
            "skipped dt-gate_api",
            "created dt-gate_db",
            "unsettled dt-gate_db",
            "skipped dt-gate_web");
    assertThat(result.error())
        .contains("service dt-gate_api: its dependency dt-gate_db did not get healthy")
        .contains("exit code 3");
    assertThat(engine.versions(STACK)).doesNotContainKey("services/dt-gate_web");
  }

  @Test
  void anUpdateThatSwarmTakesBackHasFailedWithItsReasonAndLastLines() {
    String web =
        """
        web:
          <<: *sleep
          entrypoint: [sh, -c, "%s"]
          deploy: {update_config: {monitor: 3s, failure_action: rollback}}
        """;
    assertThat(apply(web.formatted("sleep 1000"), LONG).error()).isEmpty();

    ApplyResult result = apply(web.formatted("echo no such table; exit 3"), LONG);

    assertThat(result.failed()).isTrue();
    assertThat(result.error())
        .contains("service dt-gate_web: did not come to run: Swarm took its update back: ")
        .contains("dt-gate_web.1: exit code 3")
        .contains("| no such table");
  }

  @Test
  void aCrashLoopIsToldEarlyWithTheLastLinesAndWithoutSecrets() {
    ApplyResult result =
        apply(
            """
            web:
              <<: *sleep
              entrypoint: [sh, -c, "echo one; echo two; echo the password=hunter2; exit 3"]
              deploy: {restart_policy: {delay: 0s}}
            """,
            LONG);

    assertThat(result.error())
        .contains("dt-gate_web.1 has failed 3 times", "exit code 3", "| one", "| two")
        .contains("| the password=***")
        .doesNotContain("hunter2");
  }

  @Test
  void anImageThatIsNotThereIsToldInWords() {
    ApplyResult result =
        apply(
            """
            web: {<<: *sleep, image: "127.0.0.1:9/none:1", deploy: {restart_policy: {delay: 0s}}}
            """,
            LONG);

    assertThat(result.error())
        .contains("the node does not have the image 127.0.0.1:9/none:1 and could not pull it");
  }

  @Test
  void whatFindsNoNodeIsToldWhenTheTimeIsOver() {
    ApplyResult result = apply(nowhere(), Duration.ofSeconds(2));

    assertThat(result.error())
        .contains("did not come to run: 0/1 running after 2 s")
        .contains("no node can take it: the placement constraints leave out 1 node");
  }

  private static String nowhere() {
    return "web: {<<: *sleep, deploy: {placement: {constraints: [node.labels.dt-nowhere==x]}}}\n";
  }

  @Test
  void detachedNothingIsWaitedForButAnAttemptAfterItWaitsForWhatIsStillSettling() {
    ApplyResult detached = apply(nowhere(), new Waiting(false, LONG));
    assertThat(detached.error()).isEmpty();

    ApplyResult again = apply(nowhere(), Duration.ofSeconds(2));

    assertThat(lines(again)).containsExactly("unchanged dt-gate_web", "unsettled dt-gate_web");
  }

  @Test
  void jobsServicesOnEachNodeAndThoseWithoutTasksSettleToo() {
    ApplyResult result =
        apply(
            """
            none: {<<: *sleep, deploy: {replicas: 0}}
            each: {<<: *sleep, deploy: {mode: global, update_config: {monitor: 500ms}}}
            nodes: {<<: *sleep, entrypoint: ["true"], deploy: {mode: global-job, restart_policy: {condition: none}}}
            once: {<<: *sleep, entrypoint: ["true"], deploy: {restart_policy: {condition: on-failure}}}
            """,
            LONG);

    assertThat(result.error()).isEmpty();
    assertThat(told())
        .contains(
            "settled dt-gate_none",
            "settled dt-gate_each",
            "settled dt-gate_nodes",
            "settled dt-gate_once");
  }

  @Test
  void aJobThatFailsHasFailed() {
    ApplyResult result =
        apply(
            """
            setup:
              <<: *sleep
              entrypoint: [sh, -c, "echo no database; exit 4"]
              deploy: {mode: replicated-job, restart_policy: {condition: none}}
            """,
            LONG);

    assertThat(result.error())
        .contains("service dt-gate_setup: did not complete: ", "exit code 4", "| no database");
  }
}
