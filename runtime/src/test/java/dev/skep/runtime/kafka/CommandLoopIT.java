package dev.skep.runtime.kafka;

import static dev.skep.runtime.kafka.KafkaFixture.await;
import static dev.skep.runtime.kafka.KafkaFixture.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.model.Codecs;
import dev.skep.model.cluster.Network;
import dev.skep.model.command.Command;
import dev.skep.model.event.DeadLetter;
import dev.skep.model.topic.Topics;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.WithKafka;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@WithKafka
class CommandLoopIT {
  private final KafkaTest kafka;
  private final List<String> folded = new CopyOnWriteArrayList<>();
  private final List<String> rejected = new CopyOnWriteArrayList<>();
  private final List<TopicView.Change<Network>> changes = new CopyOnWriteArrayList<>();
  private KafkaFixture fixture;

  CommandLoopIT(KafkaTest kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void open() {
    kafka.wipe();
    fixture = new KafkaFixture(kafka);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aCommandIsFoldedIntoState() {
    loop("deployer");
    TopicView<Network> view = fixture.networks(changes::add);

    send(command("c1", "deployer"));

    await().until(() -> view.get("net-c1").isPresent());
    assertThat(folded).containsExactly("c1");
  }

  @Test
  void commandsSentBeforeTheLoopStartedAreFolded() {
    send(command("c1", "deployer"));

    loop("deployer");

    TopicView<Network> view = fixture.networks(changes::add);
    await().until(() -> view.get("net-c1").isPresent());
  }

  @Test
  void theSameIdTwiceIsFoldedOnce() {
    loop("deployer");

    send(command("c1", "deployer"));
    send(command("c1", "deployer"));
    send(command("c2", "deployer"));

    await().until(() -> folded.contains("c2"));
    assertThat(folded).containsExactly("c1", "c2");
  }

  @Test
  void idsAreRememberedAcrossARestart() {
    CommandLoop first = loop("deployer");
    send(command("c1", "deployer"));
    await().until(() -> folded.contains("c1"));
    first.close();

    loop("deployer");
    send(command("c1", "deployer"));
    send(command("c2", "deployer"));

    await().until(() -> folded.contains("c2"));
    assertThat(folded).containsExactly("c1", "c2");
  }

  @Test
  void aCommandPastItsTimeIsNotFoldedButBecomesADeadLetter() {
    List<DeadLetter> letters = letters();
    loop("deployer");

    send(command("late", "deployer", Instant.now().minusSeconds(5)));

    await().until(() -> letters.size() == 1);
    assertThat(letters.getFirst().reason()).contains("late", "after its time");
    assertThat(letters.getFirst().reader()).isEqualTo("deployer");
    await().until(() -> rejected.contains("late"));
    assertThat(folded).isEmpty();
  }

  @Test
  void aRejectedCommandBecomesADeadLetterWithTheReasonAndTheNextIsFolded() {
    List<DeadLetter> letters = letters();
    loop("deployer");

    send(command("bad", "deployer"));
    send(command("broken", "deployer"));
    send(command("good", "deployer"));

    await().until(() -> folded.contains("good") && letters.size() == 2);
    assertThat(letters)
        .extracting(DeadLetter::reason)
        .satisfiesExactly(
            r -> assertThat(r).contains("no such stack"),
            r -> assertThat(r).contains("an error of ours").doesNotContain("s3cret"));
    assertThat(rejected).containsExactly("bad", "broken");
    assertThat(
            fixture
                .platform
                .metrics()
                .get("skep.events.dead.letters")
                .tag("topic", Topics.COMMANDS.name())
                .counter()
                .count())
        .isEqualTo(2);
  }

  @Test
  void anUnreadableCommandDoesNotBlockThoseBehindIt() {
    List<DeadLetter> letters = letters();
    loop("deployer");

    fixture.raw(Topics.COMMANDS.name(), "deployer", "garbage", Map.of());
    send(command("good", "deployer"));

    await().until(() -> folded.contains("good") && letters.size() == 1);
    assertThat(letters.getFirst().reason()).contains("not a CloudEvent");
  }

  @Test
  void commandsForOthersAreLeftAlone() {
    loop("deployer");

    send(command("theirs", "cert"));
    send(command("ours", "deployer"));

    await().until(() -> folded.contains("ours"));
    assertThat(folded).containsExactly("ours");
  }

  @Test
  void everyPrincipalOfATargetSeesItsCommands() {
    loop("edge-agent-one", "edge");
    loop("edge-agent-two", "edge");

    send(command("adopt", "edge"));

    await().until(() -> folded.size() == 2);
    assertThat(folded).containsExactly("adopt", "adopt");
  }

  /** The writer is fenced between the folding and the commit, as after a crash or a takeover. */
  @Test
  void aCrashBetweenFoldAndCommitStillFoldsOnce() {
    AtomicBoolean takenOver = new AtomicBoolean();
    Writer first = fixture.writer("deployer");
    fixture.closing(
        CommandLoop.open(
            fixture.platform,
            first,
            "deployer",
            command -> {
              if (takenOver.compareAndSet(false, true)) {
                fixture.writer("deployer");
              }
              return List.of(put("net-" + command.id(), "by the zombie"));
            }));
    send(command("c1", "deployer"));
    await().until(() -> !fixture.fatal.isEmpty());

    loop("deployer");

    TopicView<Network> view = fixture.networks(changes::add);
    await().until(() -> view.get("net-c1").isPresent());
    assertThat(folded).containsExactly("c1");
    assertThat(changes).hasSize(1).first().extracting(c -> c.after().name()).isEqualTo("folded");
  }

  @Test
  void afterTheBrokerLostCommandsNewOnesAreFolded() throws Exception {
    TopicPartition partition = new TopicPartition(Topics.COMMANDS.name(), 0);
    try (Admin admin = Admin.create(fixture.platform.kafka().clientProperties())) {
      admin
          .alterConsumerGroupOffsets(
              "skep.deployer.deployer", Map.of(partition, new OffsetAndMetadata(1000)))
          .all()
          .get();
    }

    loop("deployer");
    send(command("c1", "deployer"));

    await().until(() -> folded.contains("c1"));
  }

  private CommandLoop loop(String principal) {
    return loop(principal, principal);
  }

  private CommandLoop loop(String principal, String target) {
    Writer writer = fixture.writer(principal);
    CommandLoop loop =
        fixture.closing(CommandLoop.open(fixture.platform, writer, target, new TestFolder()));
    await().until(loop::ready);
    return loop;
  }

  private List<DeadLetter> letters() {
    List<DeadLetter> letters = new CopyOnWriteArrayList<>();
    fixture.closing(
        TopicView.open(
            fixture.platform,
            "watcher",
            Topics.DEAD_LETTERS,
            Codecs.DEAD_LETTERS,
            c -> letters.add(c.after())));
    return letters;
  }

  private void send(Command command) {
    send(fixture, command);
  }

  static void send(KafkaFixture fixture, Command command) {
    try (PlainPublisher publisher = PlainPublisher.open(fixture.platform, "front-door")) {
      publisher
          .publish(
              Write.put(
                  Topics.COMMANDS, Codecs.COMMANDS, command.target(), command, "issued", null))
          .toCompletableFuture()
          .join();
    }
  }

  static Command command(String id, String target) {
    return command(id, target, Instant.now().plusSeconds(600));
  }

  private static Command command(String id, String target, Instant notAfter) {
    return new Command(id, target, "stack.deploy", "tester", Instant.now(), notAfter, null, null);
  }

  private final class TestFolder implements CommandLoop.Folder {
    @Override
    public List<Write<?>> fold(Command command) throws CommandRejectedException {
      if (command.id().equals("bad")) {
        throw new CommandRejectedException("no such stack");
      }
      if (command.id().equals("broken")) {
        throw new IllegalStateException("s3cret");
      }
      folded.add(command.id());
      return List.of(put("net-" + command.id(), "folded"));
    }

    @Override
    public void rejected(Command command, String reason) {
      rejected.add(command.id());
    }
  }
}
