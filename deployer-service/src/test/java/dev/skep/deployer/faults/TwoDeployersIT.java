package dev.skep.deployer.faults;

import static dev.skep.deployer.faults.FaultStacks.body;
import static dev.skep.deployer.faults.FaultStacks.objects;
import static dev.skep.deployer.faults.FaultStacks.versions;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.apply.LiveEngine;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.WithKafka;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A second deployer is started while the first one works, as when a node was taken for lost: the
 * first one goes on with what it has read, ends when it is to write, and has done no harm.
 */
@RequiresEngine
@WithKafka
class TwoDeployersIT {
  private static final int SERVICES = 12;

  /** How a process ends that only a new one can replace. */
  private static final int FENCED = 70;

  private final KafkaTest kafka;
  @RegisterExtension final LiveEngine engine = new LiveEngine(FaultStacks.PREFIX);
  @TempDir Path dir;
  private FaultyEngine first;
  private FaultyEngine second;
  private DeployerProcess older;
  private DeployerProcess newer;

  TwoDeployersIT(KafkaTest kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void start() throws Exception {
    kafka.wipe();
    first = new FaultyEngine(engine.address());
    second = new FaultyEngine(engine.address());
    older = process(first);
  }

  private DeployerProcess process(FaultyEngine through) throws Exception {
    return new DeployerProcess(kafka.bootstrapServers(), through.address(), dir)
        .await("/health/ready");
  }

  @AfterEach
  void stop() {
    older.close();
    if (newer != null) {
      newer.close();
    }
    first.close();
    second.close();
  }

  private static void succeeds(DeployerProcess deployer, String command) {
    JsonNode done = deployer.done(command);
    assertThat(done.path("state").asText()).as(done.toString()).isEqualTo("succeeded");
  }

  private String deploy(DeployerProcess deployer, String stack, String version) {
    return deployer.deploy(stack, body(objects(dir, stack, SERVICES, version)));
  }

  private static List<String> history(DeployerProcess deployer, String stack) {
    return deployer
        .get("/api/deployments/" + stack)
        .valueStream()
        .map(d -> d.path("revision").asInt() + " " + d.path("phase").asText())
        .toList();
  }

  @Test
  void bothMakeTheSameAndNothingIsThereTwice() throws Exception {
    String stack = "ft-two";
    first.freezeAt(6, false, c -> c.creates("services"));
    String id = deploy(older, stack, "1");
    first.awaitFrozen();
    newer = process(second);
    succeeds(newer, id);

    first.goOn();

    assertThat(older.exit()).as(older.log()).isEqualTo(FENCED);
    assertThat(engine.objects(stack)).hasSize(SERVICES + 3).doesNotHaveDuplicates();
    assertThat(engine.previousSpecs(stack)).as("updated without need").isEmpty();
    assertThat(history(newer, stack)).containsExactly("1 SUCCEEDED");
    Map<String, Long> asked =
        Stream.concat(first.carriedOut().stream(), second.carriedOut().stream())
            // What is removed are revisions that others' tests have kept on the Engine.
            .filter(call -> call.method().equals("POST"))
            .collect(Collectors.groupingBy(FaultyEngine.Call::body, Collectors.counting()));
    assertThat(asked.values()).allMatch(times -> times <= 2);
  }

  @Test
  void theOlderDoesNotTakeBackWhatTheNewerHasDone() throws Exception {
    String stack = "ft-stale";
    succeeds(older, deploy(older, stack, "1"));
    first.freezeAt(3, false, FaultyEngine.Call::updatesService);
    String id = deploy(older, stack, "2");
    first.awaitFrozen();
    newer = process(second);
    succeeds(newer, id);
    succeeds(newer, deploy(newer, stack, "3"));

    first.goOn();

    assertThat(older.exit()).as(older.log()).isEqualTo(FENCED);
    assertThat(versions(engine, stack, SERVICES)).containsOnly("3");
    assertThat(history(newer, stack)).containsExactly("3 SUCCEEDED", "2 SUCCEEDED", "1 SUCCEEDED");
    assertThat(updates(first)).as("asked for by the older").isLessThanOrEqualTo(SERVICES);
    assertThat(updates(second)).as("asked for by the newer").isLessThan(2L * SERVICES);
  }

  private static long updates(FaultyEngine through) {
    return through.carriedOut().stream().filter(FaultyEngine.Call::updatesService).count();
  }
}
