package dev.skep.deployer.schedule.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.apply.Applier;
import dev.skep.deployer.apply.LiveEngine;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.schedule.ScheduleLabels;
import dev.skep.deployer.schedule.run.RunReport.Result;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.engine.Filters;
import dev.skep.model.Json;
import dev.skep.model.cluster.Service;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on a real Swarm, at moments that the test's clock comes to. */
@RequiresEngine
@RequiresImage("haproxy:3.4")
class ScheduleIT {
  private static final String PREFIX = "cron-it-";
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String JOB =
      "{\"ReplicatedJob\":{\"MaxConcurrent\":1,\"TotalCompletions\":1}}";
  private static final String IDLE_JOB =
      "{\"ReplicatedJob\":{\"MaxConcurrent\":0,\"TotalCompletions\":0}}";
  private static final String NO_REPLICAS = "{\"Replicated\":{\"Replicas\":0}}";

  private final EngineClient engine =
      EngineClient.connect(
          EngineConfig.of(
              URI.create(
                  Optional.ofNullable(System.getenv("DOCKER_HOST"))
                      .orElse("unix:///var/run/docker.sock"))));
  private final TestClock clock = new TestClock(Instant.now());
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Scheduler scheduler = new Scheduler(engine, clock, meters);
  @TempDir Path dir;

  @BeforeEach
  void clean() {
    for (JsonNode service : engine.services(false, Filters.of("name", PREFIX))) {
      engine.removeService(service.path("ID").asText());
    }
    scheduler.begin();
  }

  @AfterEach
  void stop() {
    scheduler.close();
    clean();
    engine.close();
  }

  /** A service outside all stacks: whoever made it. */
  private String create(String name, String mode, String command, String... labels)
      throws Exception {
    ObjectNode spec =
        (ObjectNode)
            Json.mapper()
                .readTree(
                    """
                    {"Name":"%s","Labels":{"dev.skep.schedule":"@every 1h"},"Mode":%s,
                     "TaskTemplate":{"RestartPolicy":{"Condition":"none"},
                     "ContainerSpec":{"Image":"haproxy:3.4","Command":["sh","-c","%s"],
                     "StopGracePeriod":1,"Groups":["7"]}}}
                    """
                        .formatted(PREFIX + name, mode, command));
    for (int i = 0; i < labels.length; i += 2) {
      ((ObjectNode) spec.path("Labels")).put(labels[i], labels[i + 1]);
    }
    String id = engine.createService(spec, null).path("ID").asText();
    observe(scheduler, id);
    return id;
  }

  /** What the inventory would tell. */
  private void observe(Scheduler who, String id) {
    JsonNode live = engine.service(id);
    Map<String, String> labels = new HashMap<>();
    live.at("/Spec/Labels")
        .properties()
        .forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
    who.observed(
        new Service(
            id,
            live.at("/Spec/Name").asText(),
            null,
            labels,
            Service.Mode.REPLICATED_JOB,
            1,
            "",
            null,
            null,
            false,
            false,
            null,
            null,
            Instant.parse(live.path("CreatedAt").asText()),
            Instant.parse(live.path("UpdatedAt").asText()),
            live.at("/Version/Index").asLong()));
  }

  private ScheduledService now(String id) {
    return scheduler.all().stream().filter(s -> s.id().equals(id)).findFirst().orElseThrow();
  }

  private void awaitThat(String id, Predicate<ScheduledService> condition) {
    await().atMost(LONG).until(() -> now(id), condition);
  }

  /** Comes to the service's next moment. */
  private Instant tick(String id) {
    Instant next = scheduler.next(now(id)).orElseThrow();
    clock.set(next);
    observe(scheduler, id);
    return next;
  }

  private Instant runAndAwait(String id, Result result) {
    Instant tick = tick(id);
    awaitThat(id, s -> s.last() != null && s.last().scheduled().equals(tick));
    awaitThat(id, s -> s.last().result() == result);
    return tick;
  }

  private long iteration(String id) {
    return engine.service(id).at("/JobStatus/JobIteration/Index").asLong();
  }

  private void awaitTask(String id, String state) {
    await()
        .atMost(LONG)
        .until(
            () -> {
              for (JsonNode task : engine.tasks(Filters.of("service", id))) {
                if (task.at("/Status/State").asText().equals(state)) {
                  return true;
                }
              }
              return false;
            });
  }

  @Test
  void aJobRunsAgainAtItsMomentAndNothingElseOfItChanges() throws Exception {
    String id = create("job", JOB, "exit 0");
    awaitTask(id, "complete");
    ObjectNode before = (ObjectNode) engine.service(id).path("Spec");

    Instant tick = runAndAwait(id, Result.SUCCEEDED);

    assertThat(iteration(id)).isEqualTo(1);
    ObjectNode after = (ObjectNode) engine.service(id).path("Spec");
    assertThat(((ObjectNode) after.path("Labels")).remove(ScheduleLabels.LAST).asText())
        .isEqualTo(tick.toString());
    ((ObjectNode) before.path("TaskTemplate")).put("ForceUpdate", 1);
    assertThat(after).hasToString(before.toString());
  }

  @Test
  void aJobThatFailsIsToldOfInWords() throws Exception {
    String id = create("fails", IDLE_JOB, "exit 3");

    runAndAwait(id, Result.FAILED);

    assertThat(now(id).last().message()).isEqualTo("exit code 3");
  }

  @Test
  void aJobIsNotRunWhileItRuns() throws Exception {
    String id = create("skip", JOB, "sleep 1000");
    awaitTask(id, "running");

    tick(id);

    awaitThat(id, s -> s.leftOut() != null);
    assertThat(now(id).leftOut().result()).isEqualTo(Result.SKIPPED);
    assertThat(iteration(id)).isZero();
  }

  @Test
  void aJobThatRunsIsReplacedWhereThatIsAskedFor() throws Exception {
    String id = create("replace", JOB, "sleep 1000", "dev.skep.schedule.concurrency", "replace");
    awaitTask(id, "running");

    tick(id);

    awaitThat(id, ScheduledService::awaited);
    assertThat(iteration(id)).isEqualTo(1);
    // The task of the run before is gone, or on its way.
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThat(engine.tasks(Filters.of("service", id)))
                    .filteredOn(t -> t.at("/Status/State").asText().equals("running"))
                    .singleElement()
                    .extracting(t -> t.at("/JobIteration/Index").asInt())
                    .isEqualTo(1));
  }

  @Test
  void aJobThatWasMadeWithoutTasksRunsFirstAtItsMoment() throws Exception {
    String id = create("idle", IDLE_JOB, "exit 0");
    assertThat(engine.tasks(Filters.of("service", id))).isEmpty();

    runAndAwait(id, Result.SUCCEEDED);
    runAndAwait(id, Result.SUCCEEDED);

    assertThat(iteration(id)).isEqualTo(2);
  }

  @Test
  void servicesOfSwarmCronjobRunAsTheyDidWithAllTheirTasksEachTime() throws Exception {
    String id =
        create(
            "cronjob",
            NO_REPLICAS,
            "exit 0",
            "swarm.cronjob.enable",
            "true",
            "swarm.cronjob.schedule",
            "@hourly",
            "swarm.cronjob.replicas",
            "3");
    removeLabel(id, "dev.skep.schedule");

    for (int run = 1; run <= 2; run++) {
      runAndAwait(id, Result.SUCCEEDED);
      long forced = engine.service(id).at("/Spec/TaskTemplate/ForceUpdate").asLong();
      assertThat(forced).isEqualTo(run);
      assertThat(engine.tasks(Filters.of("service", id)))
          .filteredOn(t -> t.at("/Spec/ForceUpdate").asLong() == forced)
          .hasSize(3);
    }
    assertThat(engine.service(id).at("/Spec/Labels").has(ScheduleLabels.SCALED)).isFalse();
  }

  private void removeLabel(String id, String label) {
    JsonNode live = engine.service(id);
    ObjectNode spec = live.path("Spec").deepCopy();
    ((ObjectNode) spec.path("Labels")).remove(label);
    engine.updateService(id, live.at("/Version/Index").asLong(), spec, null, null);
    observe(scheduler, id);
  }

  @Test
  void oneMomentIsOneRunHoweverManySchedulersThereAre() throws Exception {
    String id = create("once", IDLE_JOB, "exit 0");
    try (Scheduler second = new Scheduler(engine, clock, meters);
        Scheduler third = new Scheduler(engine, clock, meters)) {
      for (Scheduler other : new Scheduler[] {second, third}) {
        observe(other, id);
        other.begin();
      }
      for (int run = 1; run <= 5; run++) {
        Instant tick = scheduler.next(now(id)).orElseThrow();
        clock.set(tick);
        for (Scheduler each : new Scheduler[] {scheduler, second, third}) {
          observe(each, id);
        }
        for (Scheduler each : new Scheduler[] {scheduler, second, third}) {
          await()
              .atMost(LONG)
              .until(
                  () -> each.all().iterator().next().last(),
                  last -> last != null && last.scheduled().equals(tick));
        }
        awaitThat(id, s -> s.last().result() == Result.SUCCEEDED);
        assertThat(iteration(id)).isEqualTo(run);
      }
    }
  }

  @Test
  void aLabelThatIsChangedCountsAtOnceAndABadOneHarmsNoOther() throws Exception {
    String id = create("changed", IDLE_JOB, "exit 0");
    String other = create("other", IDLE_JOB, "exit 0");
    JsonNode live = engine.service(id);
    ObjectNode spec = live.path("Spec").deepCopy();
    ((ObjectNode) spec.path("Labels")).put("dev.skep.schedule", "every day");
    engine.updateService(id, live.at("/Version/Index").asLong(), spec, null, null);

    observe(scheduler, id);

    assertThat(scheduler.next(now(id))).isEmpty();
    runAndAwait(other, Result.SUCCEEDED);
    assertThat(now(id).last()).isNull();
  }

  @Test
  void aDeploymentSeesNoDifferenceInWhatWasRun() throws Exception {
    StackObjects objects =
        LiveEngine.objects(
            dir,
            PREFIX + "stack",
            """
            x-s: &s {image: "haproxy:3.4", command: [haproxy, -v], networks: [host]}
            services:
              job: {<<: *s, deploy: {mode: replicated-job, replicas: 0, labels: {dev.skep.schedule: "@every 1h"}}}
              task:
                <<: *s
                deploy:
                  replicas: 0
                  restart_policy: {condition: none}
                  labels: {dev.skep.schedule: "@every 25h"}
            networks: {host: {external: true}}
            """);
    Applier applier = new Applier(engine);
    applier.apply(PREFIX + "stack", objects, LiveEngine.OPTIONS, step -> {});
    List<String> names = List.of(PREFIX + "stack_job", PREFIX + "stack_task");
    names.forEach(name -> observe(scheduler, engine.service(name).path("ID").asText()));
    for (String name : names) {
      runAndAwait(engine.service(name).path("ID").asText(), Result.SUCCEEDED);

      assertThat(applier.differing(PREFIX + "stack", objects)).isEmpty();
      JsonNode ran = engine.service(name).path("Spec");
      applier.apply(PREFIX + "stack", objects, LiveEngine.OPTIONS, step -> {});
      assertThat(engine.service(name).path("Spec")).isEqualTo(ran);
      assertThat(engine.service(name).at("/Spec/Labels").has(ScheduleLabels.LAST)).isTrue();
    }
  }
}
