package dev.skep.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.cli.CliException;
import dev.skep.deployer.convert.Namespace;
import dev.skep.deployer.task.TaskRow;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.engine.EngineException;
import dev.skep.engine.Filters;
import dev.skep.engine.LogOptions;
import dev.skep.engine.Query;
import dev.skep.model.Json;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The daily commands on a real Engine, with a stack of their own. */
@RequiresEngine
@RequiresImage("haproxy:3.4")
class StackDailyIT {
  private static final String STACK = "sd-it";
  private static final String VOLUME = "sd-it-once";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long SECOND = 1_000_000_000L;
  private static final Filters MINE = Filters.of("label", Namespace.LABEL + "=" + STACK);

  private final EngineClient engine = EngineClient.connect(EngineConfig.local());
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void before() {
    clean();
  }

  @AfterEach
  void after() {
    clean();
    engine.close();
  }

  private void clean() {
    engine.services(false, MINE).forEach(s -> engine.removeService(s.path("ID").asText()));
    await().atMost(PATIENCE).until(() -> engine.containers(all()).isEmpty());
    try {
      engine.delete("/volumes/" + VOLUME, Query.none());
    } catch (EngineException e) {
      assertThat(e.isNotFound()).as(e.getMessage()).isTrue();
    }
  }

  private static Filters all() {
    return MINE.and("status", "created", "running", "paused", "exited", "dead");
  }

  @Test
  void whatRunsIsListedWithTheNewestFailureBelowAndWhatFindsNoNodeWithTheReason() {
    // Given a service that fails again and again, one on each node, and one that fits on none
    create("crash", "sleep 2; exit 3", StackDailyIT::plain);
    create("agent", "sleep 600", StackDailyIT::global);
    create("lost", "sleep 600", StackDailyIT::nowhere);

    // When
    await()
        .atMost(PATIENCE)
        .until(() -> rows("sd-it_crash").stream().filter(TaskRow::failed).count() == 1);

    // Then
    List<TaskRow> crash = rows("sd-it_crash");
    assertThat(crash).hasSize(2);
    assertThat(crash.getFirst().current()).isTrue();
    assertThat(crash.getLast().error()).isEqualTo("exit code 3");
    assertThat(crash.getLast().exitCode()).isEqualTo(3);
    String node = engine.info().path("Name").asText();
    assertThat(rows("sd-it_agent"))
        .extracting(TaskRow::name)
        .containsExactly("sd-it_agent." + node);
    assertThat(rows("sd-it_lost"))
        .singleElement()
        .extracting(TaskRow::error)
        .isEqualTo("no node can take it: the placement constraints leave out 1 node");
  }

  @Test
  void anUnknownStackIsMetWithThoseThatThereAre() {
    create("web", "sleep 600", StackDailyIT::plain);

    assertThatThrownBy(() -> PsCommand.rows(engine, "sd-it-not", false))
        .isInstanceOfSatisfying(CliException.class, e -> assertThat(e.exitCode()).isEqualTo(1))
        .hasMessageContaining("sd-it-not")
        .hasMessageContaining("the stacks are")
        .hasMessageContaining(STACK);
  }

  @Test
  void logsOfAllServicesAreMergedAndOneThatCannotBeReadStopsNoOther() throws Exception {
    // Given a plain service, one with a terminal, and one whose lines nobody keeps
    create("plain", "echo to out; echo to err >&2; sleep 600", StackDailyIT::plain);
    create("term", "echo from a terminal; sleep 600", StackDailyIT::terminal);
    create("dumb", "echo nothing; sleep 600", s -> driver(s, "none"));
    running(3);
    await().atMost(PATIENCE).until(() -> logged().contains("from a terminal"));
    await().atMost(PATIENCE).until(() -> logged().contains("to out"));
    await().atMost(PATIENCE).until(() -> text(err).contains("to err"));
    out.reset();
    err.reset();

    // When
    logged();

    // Then
    String node = engine.info().path("Name").asText();
    assertThat(text(out).lines())
        .containsExactlyInAnyOrder(
            "sd-it_plain.1@" + node + " | to out", "sd-it_term.1@" + node + "  | from a terminal");
    assertThat(text(err).lines())
        .containsExactlyInAnyOrder(
            "sd-it_plain.1@" + node + " | to err",
            "warning: sd-it_dumb cannot be read: its log driver is none, which keeps nothing");
  }

  @Test
  void aLogThatIsFollowedShowsWhatIsWrittenLaterAndTasksThatComeLater() throws Exception {
    // Given
    String id = create("tick", "while sleep 1; do echo tick; done", StackDailyIT::plain);
    running(1);
    StackLogs logs = logs(new LogOptions(true, 0, null, true));
    Thread reader = Thread.ofVirtual().start(() -> run(logs));
    await().atMost(PATIENCE).until(() -> text(out).contains("sd-it_tick.1@"));

    // When
    new ServiceChange(engine).apply(id, new Scaling(id, "sd-it_tick", 2)::set);

    // Then
    await().atMost(PATIENCE).until(() -> text(out).contains("sd-it_tick.2@"));
    logs.close();
    assertThat(reader.join(Duration.ofSeconds(20))).isTrue();
    assertThat(text(out).lines()).allMatch(l -> l.matches(".*@.* \\| 2\\S+Z tick"));
    assertThat(text(err)).isEmpty();
  }

  @Test
  void aServiceIsScaledThoughAnotherChangesItAndNoFieldIsLost() throws Exception {
    // Given a service with fields that typed models lack, which is changed after it was read
    String id = create("web", "exec sleep 600", StackDailyIT::rareFields);
    running(1);
    ObjectNode before = engine.service(id).path("Spec").deepCopy();
    Scaling scaling = new Scaling(id, "sd-it_web", 3);
    AtomicInteger edits = new AtomicInteger();

    // When
    new ServiceChange(engine)
        .apply(
            id,
            spec -> {
              if (edits.incrementAndGet() == 1) {
                label(id, "more");
              }
              return scaling.set(spec);
            });
    new ReplicasWait(engine, told::add).await(List.of(scaling), PATIENCE);

    // Then
    before.withObject("/Labels").put("more", "1");
    before.withObject("/Mode/Replicated").put("Replicas", 3);
    assertThat(edits).hasValue(2);
    assertThat(engine.service(id).path("Spec").toString()).isEqualTo(before.toString());
    assertThat(told).last().isEqualTo("sd-it_web: 3 of 3 running");
    assertThat(rows("sd-it_web")).hasSize(3).allMatch(TaskRow::running);
  }

  @Test
  void tasksThatDoNotComeToRunAreToldWithTheirErrors() {
    // Given
    create("lost", "sleep 600", StackDailyIT::nowhere);

    // When
    List<Scaling> plan = ScaleCommand.change(engine, STACK, List.of("lost=2"), told::add);

    // Then
    assertThatThrownBy(() -> new ReplicasWait(engine, told::add).await(plan, Duration.ofSeconds(3)))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("service sd-it_lost: 0 of 2 running after 3s")
        .hasMessageContaining("sd-it_lost.2: no node can take it");
    assertThat(told).contains("sd-it_lost scaled from 1 to 2");
  }

  @Test
  void nothingIsScaledIfOneOfThemCannotBe() {
    // Given
    String id = create("web", "exec sleep 600", StackDailyIT::plain);
    create("agent", "exec sleep 600", StackDailyIT::global);

    // When
    assertThatThrownBy(
            () -> ScaleCommand.change(engine, STACK, List.of("web=2", "agent=2"), told::add))
        .hasMessageContaining("sd-it_agent is global");

    // Then
    assertThat(Scaling.replicasOf(engine.service(id).path("Spec"))).isEqualTo(1);
  }

  @Test
  void aRestartReplacesTheTasksAndNothingElse() throws Exception {
    // Given two services, of which one has no task
    String web = create("web", "exec sleep 600", StackDailyIT::rareFields);
    create("none", "exec sleep 600", s -> s.withObject("/Mode/Replicated").put("Replicas", 0));
    running(1);
    ObjectNode before = engine.service(web).path("Spec").deepCopy();
    String task = rows("sd-it_web").getFirst().id();

    // When
    new Restart(engine, told::add).run(PsCommand.services(engine, STACK), PATIENCE);

    // Then
    before.withObject("/TaskTemplate").put("ForceUpdate", 1);
    assertThat(engine.service(web).path("Spec").toString()).isEqualTo(before.toString());
    assertThat(rows("sd-it_web"))
        .singleElement()
        .matches(TaskRow::running)
        .extracting(TaskRow::id)
        .isNotEqualTo(task);
    assertThat(told)
        .containsExactly(
            "sd-it_none: restarting",
            "sd-it_none: restarted",
            "sd-it_web: restarting",
            "sd-it_web: restarted");
  }

  @Test
  void aRestartThatSwarmPausesEndsWithTheReasonAndLeavesTheOthers() {
    // Given a service that starts once only, and one after it
    String web = create("web", "exec sleep 600", StackDailyIT::plain);
    create("once", "test -e /v/x && exit 4; touch /v/x; exec sleep 600", StackDailyIT::once);
    running(2);

    // When
    assertThatThrownBy(
            () -> new Restart(engine, told::add).run(PsCommand.services(engine, STACK), PATIENCE))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("service sd-it_once: paused")
        .hasMessageContaining("sd-it_once.1: exit code 4")
        .hasMessageContaining("not restarted: sd-it_web");

    // Then
    assertThat(engine.service(web).at("/Spec/TaskTemplate/ForceUpdate").asInt()).isZero();
  }

  // -- services

  private String create(String name, String script, Consumer<ObjectNode> more) {
    ObjectNode spec = Json.mapper().createObjectNode().put("Name", STACK + "_" + name);
    spec.withObject("/Labels").put(Namespace.LABEL, STACK);
    ObjectNode container = spec.withObject("/TaskTemplate/ContainerSpec");
    container.put("Image", "haproxy:3.4").put("StopGracePeriod", SECOND).put("User", "0");
    container.withObject("/Labels").put(Namespace.LABEL, STACK);
    container.withArray("/Command").add("sh").add("-c").add(script);
    spec.withObject("/TaskTemplate/RestartPolicy").put("Delay", SECOND);
    spec.withObject("/Mode/Replicated").put("Replicas", 1);
    more.accept(spec);
    return engine.createService(spec, null).path("ID").asText();
  }

  private static void plain(ObjectNode spec) {
    spec.withObject("/Mode/Replicated").put("Replicas", 1);
  }

  private static void global(ObjectNode spec) {
    spec.set("Mode", Specs.json("{'Global':{}}"));
  }

  private static void nowhere(ObjectNode spec) {
    spec.withArray("/TaskTemplate/Placement/Constraints").add("node.labels.sd-nowhere==1");
  }

  private static void terminal(ObjectNode spec) {
    spec.withObject("/TaskTemplate/ContainerSpec").put("TTY", true);
  }

  private static void driver(ObjectNode spec, String name) {
    spec.withObject("/TaskTemplate/LogDriver").put("Name", name);
  }

  private static void rareFields(ObjectNode spec) {
    ObjectNode container = spec.withObject("/TaskTemplate/ContainerSpec");
    container.withObject("/Sysctls").put("net.ipv4.ip_unprivileged_port_start", "0");
    container.withArray("/CapabilityDrop").add("CAP_NET_RAW");
    container
        .withArray("/Ulimits")
        .addObject()
        .put("Name", "nofile")
        .put("Soft", 64)
        .put("Hard", 64);
    spec.withObject("/UpdateConfig").put("Parallelism", 1).put("MaxFailureRatio", 0.25);
  }

  private static void once(ObjectNode spec) {
    ObjectNode mount = spec.withArray("/TaskTemplate/ContainerSpec/Mounts").addObject();
    mount.put("Type", "volume").put("Source", VOLUME).put("Target", "/v");
    spec.withObject("/TaskTemplate/RestartPolicy").put("Condition", "none");
    ObjectNode update = spec.withObject("/UpdateConfig");
    update.put("Parallelism", 1).put("FailureAction", "pause").put("Monitor", 5 * SECOND);
  }

  private void label(String id, String name) {
    JsonNode live = engine.service(id);
    ObjectNode spec = live.path("Spec").deepCopy();
    spec.withObject("/Labels").put(name, "1");
    engine.updateService(id, live.at("/Version/Index").asLong(), spec, null, "spec");
  }

  // -- what is seen

  private List<TaskRow> rows(String service) {
    return PsCommand.rows(engine, STACK, false).stream()
        .filter(row -> row.service().equals(service))
        .toList();
  }

  private void running(int tasks) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                PsCommand.rows(engine, STACK, false).stream().filter(TaskRow::running).count()
                    == tasks);
  }

  private StackLogs logs(LogOptions options) {
    StackServices services = PsCommand.services(engine, STACK);
    LogWriters writers = new LogWriters(engine, services.namesById());
    LogOutput output = new LogOutput(stream(out), stream(err), List.of(), writers.width());
    return new StackLogs(engine, options, writers, output);
  }

  private void run(StackLogs logs) {
    try {
      logs.run(PsCommand.services(engine, STACK));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What the logs have, on standard output. */
  private String logged() {
    try (StackLogs logs = logs(new LogOptions(false, LogOptions.ALL, null, false))) {
      run(logs);
    }
    return text(out);
  }

  private static PrintStream stream(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream of) {
    return of.toString(StandardCharsets.UTF_8);
  }
}
