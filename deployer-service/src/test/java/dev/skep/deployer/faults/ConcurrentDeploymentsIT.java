package dev.skep.deployer.faults;

import static dev.skep.deployer.faults.FaultStacks.body;
import static dev.skep.deployer.faults.FaultStacks.objects;
import static dev.skep.deployer.faults.FaultStacks.versions;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.apply.LiveEngine;
import dev.skep.deployer.direct.DirectStack;
import dev.skep.deployer.direct.DirectStack.Outcome;
import dev.skep.deployer.state.StackBody;
import dev.skep.model.stack.Deployment.Phase;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.WithKafka;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Many deployments of one stack at the same time: one of them is what is there in the end. */
@RequiresEngine(alone = true)
@WithKafka
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConcurrentDeploymentsIT {
  private static final int MANY = 10;
  private static final int SERVICES = 4;

  private final KafkaTest kafka;
  @RegisterExtension final LiveEngine engine = new LiveEngine(FaultStacks.PREFIX);
  @TempDir static Path dir;
  private DeployerProcess deployer;

  ConcurrentDeploymentsIT(KafkaTest kafka) {
    this.kafka = kafka;
  }

  @BeforeAll
  void start() throws Exception {
    kafka.wipe();
    deployer = new DeployerProcess(kafka.bootstrapServers(), engine.address(), dir);
    deployer.await("/health/ready");
  }

  @AfterAll
  void stop() {
    deployer.close();
  }

  /** Does all at the same moment, and gives what came of each in their order. */
  private static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
    CyclicBarrier together = new CyclicBarrier(calls.size());
    List<Future<T>> futures = new ArrayList<>();
    List<T> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Callable<T> call : calls) {
        futures.add(
            threads.submit(
                () -> {
                  together.await();
                  return call.call();
                }));
      }
      for (Future<T> future : futures) {
        results.add(future.get(60, TimeUnit.SECONDS));
      }
    }
    return results;
  }

  private Callable<String> throughTheDeployer(String stack, String version) {
    String body = body(objects(dir, stack, SERVICES, version));
    return () -> deployer.deploy(stack, body);
  }

  private Callable<Outcome> straight(String stack, String version) {
    StackBody body =
        new StackBody(stack, objects(dir, stack, SERVICES, version), LiveEngine.OPTIONS);
    DirectStack direct = new DirectStack(engine.client(), Clock.systemUTC(), "tester-" + version);
    return () -> direct.deploy(body, step -> {});
  }

  @Test
  void ofTenThroughTheDeployerTheLastRevisionIsWhatRuns() throws Exception {
    String stack = "ft-ten";
    List<String> commands =
        atOnce(
            IntStream.rangeClosed(1, MANY)
                .mapToObj(i -> throughTheDeployer(stack, "v" + i))
                .toList());

    Map<Long, JsonNode> ended = new TreeMap<>();
    Map<Long, String> versions = new TreeMap<>();
    for (int i = 0; i < MANY; i++) {
      JsonNode done = deployer.done(commands.get(i));
      long revision = done.at("/deployment/revision").asLong();
      ended.put(revision, done);
      versions.put(revision, "v" + (i + 1));
    }

    assertThat(ended.keySet())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, MANY).boxed().toList());
    assertThat(ended.get((long) MANY).path("state").asText()).isEqualTo("succeeded");
    assertThat(ended.values())
        .allMatch(
            d ->
                d.path("state").asText().equals("succeeded")
                    || d.path("error").asText().startsWith("overtaken by revision "));
    assertThat(versions(engine, stack, SERVICES)).containsOnly(versions.get((long) MANY));
    JsonNode revisions = deployer.get("/api/stacks/" + stack + "/revisions");
    assertThat(revisions.valueStream().filter(r -> r.path("lastGood").asBoolean()))
        .extracting(r -> r.path("number").asLong())
        .containsExactly((long) MANY);
  }

  @Test
  void ofTenStraightToTheEngineTheNewestNumberIsWhatRuns() throws Exception {
    String stack = "ft-straight";
    List<Outcome> outcomes =
        atOnce(IntStream.rangeClosed(1, MANY).mapToObj(i -> straight(stack, "v" + i)).toList());

    Outcome newest = outcomes.stream().max(Comparator.comparing(Outcome::revision)).orElseThrow();
    assertThat(outcomes).extracting(Outcome::revision).doesNotContain(0L).doesNotHaveDuplicates();
    assertThat(newest.told()).isEmpty();
    assertThat(outcomes)
        .extracting(Outcome::told)
        .allMatch(told -> told.isEmpty() || told.startsWith("overtaken"));
    assertThat(versions(engine, stack, SERVICES))
        .containsOnly("v" + (outcomes.indexOf(newest) + 1));
    DirectStack direct = new DirectStack(engine.client(), Clock.systemUTC(), "tester");
    assertThat(direct.history(stack).getFirst().phase()).isEqualTo(Phase.SUCCEEDED);

    assertThat(straight(stack, "after").call().told()).isEmpty();

    assertThat(versions(engine, stack, SERVICES)).containsOnly("after");
  }

  /** The two know nothing of each other: what comes of it is whole objects, and can be healed. */
  @Test
  void straightAndThroughTheDeployerAtOnceBothEndAndTheNextOneHeals() throws Exception {
    String stack = "ft-both";
    Callable<String> through = throughTheDeployer(stack, "through");
    Callable<Outcome> straight = straight(stack, "straight");

    atOnce(
        List.<Callable<String>>of(
            () -> deployer.done(through.call()).path("state").asText(),
            () -> straight.call().told()));

    assertThat(engine.objects(stack))
        .filteredOn(o -> o.startsWith("services/") || o.startsWith("networks/"))
        .hasSize(SERVICES + 1)
        .doesNotHaveDuplicates();
    assertThat(versions(engine, stack, SERVICES)).isSubsetOf("through", "straight");
    JsonNode healed = deployer.done(throughTheDeployer(stack, "healed").call());
    assertThat(healed.path("state").asText()).as(healed.toString()).isEqualTo("succeeded");
    assertThat(versions(engine, stack, SERVICES)).containsOnly("healed");
  }
}
