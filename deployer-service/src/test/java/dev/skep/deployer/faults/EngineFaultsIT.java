package dev.skep.deployer.faults;

import static dev.skep.deployer.faults.FaultStacks.body;
import static dev.skep.deployer.faults.FaultStacks.objects;
import static dev.skep.deployer.faults.FaultStacks.versions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.apply.LiveEngine;
import dev.skep.deployer.direct.DirectStack;
import dev.skep.deployer.faults.FaultyEngine.Call;
import dev.skep.deployer.faults.FaultyEngine.Fate;
import dev.skep.deployer.state.StackBody;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.engine.EngineException;
import dev.skep.model.stack.Deployment.Phase;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.WithKafka;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Engine fails in the middle of a deployment, and comes back. */
@RequiresEngine(alone = true)
@WithKafka
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EngineFaultsIT {
  private static final String STACK = "ft-engine";
  private static final int SERVICES = 6;

  /** As 20.10 and 28 word it. */
  private static final String OUT_OF_SEQUENCE =
      "rpc error: code = Unknown desc = update out of sequence";

  private static final String NO_LEADER =
      "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too"
          + " few managers are online.";

  private final KafkaTest kafka;
  @RegisterExtension final LiveEngine engine = new LiveEngine(FaultStacks.PREFIX);
  @TempDir static Path dir;
  private FaultyEngine faulty;
  private DeployerProcess deployer;

  EngineFaultsIT(KafkaTest kafka) {
    this.kafka = kafka;
  }

  @BeforeAll
  void start() throws Exception {
    kafka.wipe();
    faulty = new FaultyEngine(engine.address());
    deployer =
        new DeployerProcess(kafka.bootstrapServers(), faulty.address(), dir, ImpatientMain.class);
    deployer.await("/health/ready");
  }

  @AfterAll
  void stop() {
    deployer.close();
    faulty.close();
  }

  @AfterEach
  void removeTheStack() {
    faulty.decide(call -> FaultyEngine.THROUGH);
    deployer.done(deployer.remove(STACK));
  }

  private JsonNode deploy(String version) {
    return deployer.done(deployer.deploy(STACK, body(objects(dir, STACK, SERVICES, version))));
  }

  private void succeeds(String version) {
    JsonNode done = deploy(version);
    assertThat(done.path("state").asText()).as(done.toString()).isEqualTo("succeeded");
    assertThat(versions(engine, STACK, SERVICES)).containsOnly(version);
    assertThat(engine.objects(STACK)).doesNotHaveDuplicates();
  }

  /** From the third call of a kind on, so many have another fate. Counts the calls. */
  private AtomicInteger fromTheThird(int many, Predicate<Call> which, Fate fate) {
    AtomicInteger met = new AtomicInteger();
    faulty.decide(
        call -> {
          if (!which.test(call)) {
            return FaultyEngine.THROUGH;
          }
          int nth = met.incrementAndGet();
          return nth >= 3 && nth < 3 + many ? fate : FaultyEngine.THROUGH;
        });
    return met;
  }

  /** How many services the Engine was asked to make since. */
  private long created(int since) {
    return faulty.carriedOut().stream()
        .skip(since)
        .filter(call -> call.creates("services"))
        .count();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aConnectionIsCutWhileAServiceIsMade(boolean carriedOut) {
    int before = faulty.carriedOut().size();
    fromTheThird(1, c -> c.creates("services"), new Fate.Cut(carriedOut));

    succeeds("1");

    assertThat(created(before)).isEqualTo(SERVICES);
    assertThat(engine.previousSpecs(STACK)).as("updated without need").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAnswerNeverComes(boolean carriedOut) {
    int before = faulty.carriedOut().size();
    fromTheThird(1, c -> c.creates("services"), new Fate.Silence(carriedOut));

    succeeds("1");

    assertThat(created(before)).isEqualTo(SERVICES);
  }

  @Test
  void aNetworkWhoseAnswerWasLostIsNotMadeAgain() {
    AtomicInteger made = new AtomicInteger();
    faulty.decide(
        call ->
            call.creates("networks") && made.incrementAndGet() == 1
                ? new Fate.Cut(true)
                : FaultyEngine.THROUGH);

    succeeds("1");

    assertThat(made).hasValue(1);
  }

  @Test
  void forAWhileThereIsNoLeader() {
    succeeds("1");
    AtomicInteger met = fromTheThird(12, Call::updatesService, new Fate.Refused(500, NO_LEADER));

    succeeds("2");

    assertThat(met.get()).as("asked for").isLessThanOrEqualTo(12 + 2 * SERVICES);
  }

  @Test
  void forAWhileEverythingIsRefused() {
    succeeds("1");
    AtomicInteger left = new AtomicInteger(4);
    faulty.decide(
        call ->
            left.getAndDecrement() > 0
                ? new Fate.Refused(503, "no server is available")
                : FaultyEngine.THROUGH);

    succeeds("2");
  }

  @Test
  void someoneElsesChangesGetInTheWay() {
    succeeds("1");
    AtomicInteger met =
        fromTheThird(4, Call::updatesService, new Fate.Refused(500, OUT_OF_SEQUENCE));

    succeeds("2");

    assertThat(met).as("asked for").hasValue(SERVICES + 4);
  }

  /** Nobody can tell whether it will pass: the object is named, and the next deployment heals. */
  @Test
  void anUnknownErrorFailsItsObjectAloneAndTheNextDeploymentHeals() {
    succeeds("1");
    fromTheThird(1, Call::updatesService, new Fate.Refused(500, "out of cheese"));

    JsonNode failed = deploy("2");

    assertThat(failed.path("state").asText()).isEqualTo("failed");
    assertThat(failed.path("error").asText()).contains("service ft-engine_s0", "out of cheese");
    assertThat(versions(engine, STACK, SERVICES).stream().filter("2"::equals))
        .hasSize(SERVICES - 1);
    succeeds("2");
  }

  @Test
  void straightToTheEngineACutIsAnErrorAndTheNextDeploymentHeals() {
    DirectStack direct =
        new DirectStack(
            EngineClient.connect(EngineConfig.of(faulty.address())), Clock.systemUTC(), "tester");
    StackBody body = new StackBody(STACK, objects(dir, STACK, SERVICES, "1"), LiveEngine.OPTIONS);
    fromTheThird(1, c -> c.creates("services"), new Fate.Cut(true));

    assertThatThrownBy(() -> direct.deploy(body, step -> {}))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("POST");

    assertThat(direct.history(STACK).getFirst().phase()).isEqualTo(Phase.FAILED);
    assertThat(direct.deploy(body, step -> {}).told()).isEmpty();
    assertThat(versions(engine, STACK, SERVICES)).containsOnly("1");
    assertThat(engine.objects(STACK)).hasSize(SERVICES + 3).doesNotHaveDuplicates();
  }

  @Test
  void aNameThatIsSomebodyElsesIsNotWaitedFor() {
    fromTheThird(
        1, c -> c.creates("services"), new Fate.Refused(409, "name conflicts with another"));

    JsonNode failed = deploy("1");

    assertThat(failed.path("error").asText()).contains("name conflicts with another");
    succeeds("1");
  }
}
