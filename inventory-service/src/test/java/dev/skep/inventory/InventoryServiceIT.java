package dev.skep.inventory;

import static dev.skep.inventory.Fixture.within;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.engine.EngineException;
import dev.skep.engine.EventListener;
import dev.skep.engine.EventStream;
import dev.skep.engine.Filters;
import dev.skep.model.Codecs;
import dev.skep.model.cluster.Task;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.testing.EngineRelay;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import dev.skep.testing.WithKafka;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@WithKafka
@RequiresEngine
@RequiresImage(Fixture.IMAGE)
class InventoryServiceIT {
  private final KafkaTest kafka;
  private Fixture it;

  InventoryServiceIT(KafkaTest kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void open() {
    it = new Fixture(kafka);
  }

  @AfterEach
  void close() {
    it.close();
    assertThat(it.fatal).isEmpty();
  }

  @Test
  void aServiceThatIsMadeShowsWithItsTasks() {
    try (InventoryService inventory = it.inventory()) {
      // Given
      assertThat(inventory.health().details()).containsEntry("engine", "reachable");

      // When
      String id = it.create("made", 2);

      // Then
      it.awaitReady(id, 2);
      assertThat(it.services.get(id)).get().returns(2, s -> s.desired());
      assertThat(it.ready(id)).allMatch(t -> t.nodeId() != null && t.containerId() != null);
    }
  }

  @Test
  void aServiceThatIsRemovedLeavesNothingBehind() {
    try (InventoryService inventory = it.inventory()) {
      // Given
      String id = it.create("removed", 2);
      it.awaitReady(id, 2);

      // When
      it.engine.removeService(id);

      // Then its tasks are seen leaving, and then it and they are gone
      within().until(() -> it.tasksOf(id).isEmpty() && it.services.get(id).isEmpty());
      assertThat(it.taskChanges)
          .filteredOn(c -> c.after() != null && c.after().serviceId().equals(id))
          .anyMatch(c -> c.after().desired() == Task.State.REMOVE && !c.after().ready());
      assertThat(inventory.health().live()).isTrue();
    }
  }

  @Test
  void aTaskThatIsScaledAwayIsSeenLeavingBeforeItIsToldToStop() {
    List<String> order = new CopyOnWriteArrayList<>();
    try (InventoryService inventory = it.inventory()) {
      // Given a service of two, whose containers' kill events are heard
      String id = it.create("scaled", 2);
      it.awaitReady(id, 2);
      assertThat(inventory.health().ready()).isTrue();
      try (EventStream kills = kills(id, order);
          TopicView<Task> view = leaving(id, order)) {
        within().until(() -> view.ready() && order.contains("listening"));

        // When
        it.scale(id, 1);

        // Then
        within().until(() -> order.contains("kill"));
        assertThat(order).containsSubsequence("leaving", "kill");
        assertThat(kills).isNotNull();
      }
    }
  }

  @Test
  void aRestartPublishesNothingThatIsThereAlready() {
    // Given what one process has published
    String id = it.create("restart", 2);
    try (InventoryService first = it.inventory()) {
      it.awaitReady(id, 2);
      within().until(() -> first.health().ready());
    }
    List<String> before = recordsOf(id);

    // When another one starts
    try (InventoryService second = it.inventory()) {
      String marker = it.create("marker", 1);
      it.awaitReady(marker, 1);
      assertThat(second.health().ready()).isTrue();
    }

    // Then
    assertThat(recordsOf(id)).isEqualTo(before);
  }

  @Test
  void aServiceThatVanishedWhileNobodyLookedIsTakenAway() {
    // Given
    String id = it.create("unseen", 1);
    try (InventoryService first = it.inventory()) {
      it.awaitReady(id, 1);
      assertThat(first.health().ready()).isTrue();
    }
    it.engine.removeService(id);
    within()
        .until(
            () ->
                it.engine.tasks(Filters.none()).findValuesAsText("ServiceID").stream()
                    .noneMatch(id::equals));

    // When
    try (InventoryService second = it.inventory()) {

      // Then
      within().until(() -> it.services.get(id).isEmpty() && it.tasksOf(id).isEmpty());
      assertThat(second.health().ready()).isTrue();
    }
  }

  @Test
  void whileTheEngineIsGoneTheLastStateStaysAndItCatchesUp(@TempDir Path dir) throws Exception {
    try (EngineRelay relay = new EngineRelay(dir.resolve("engine.sock"));
        EngineClient client =
            EngineClient.connect(new EngineConfig(URI.create(relay.uri()), Duration.ofSeconds(5)));
        InventoryService inventory = it.inventory(client)) {
      // Given
      String id = it.create("outage", 1);
      it.awaitReady(id, 1);

      // When
      relay.cut();
      within().until(() -> inventory.health().details().containsKey("stale"));
      it.scale(id, 2);
      Map<String, Task> during = Map.copyOf(it.tasks.values());
      relay.connect();

      // Then
      it.awaitReady(id, 2);
      within().until(() -> !inventory.health().details().containsKey("stale"));
      assertThat(during.values()).filteredOn(t -> t.serviceId().equals(id)).hasSize(1);
      assertThat(inventory.health().ready()).isTrue();
    }
  }

  @Test
  void noValueOfAnEnvironmentIsInAnyRecord() {
    // Given
    String id = it.create("masked", 1);

    // When
    try (InventoryService inventory = it.inventory()) {
      it.awaitReady(id, 1);
      assertThat(inventory.health().ready()).isTrue();
    }

    // Then
    assertThat(it.services.get(id).orElseThrow().environment()).containsEntry("PASSWORD", "****");
    assertThat(rawRecords()).isNotEmpty().noneMatch(r -> r.contains(Fixture.SECRET));
  }

  private EventStream kills(String service, List<String> order) {
    Filters filters =
        Filters.of("type", "container")
            .and("event", "kill")
            .and("label", "com.docker.swarm.service.id=" + service);
    return it.engine.events(
        null,
        filters,
        new EventListener() {
          @Override
          public void onOpen() {
            order.add("listening");
          }

          @Override
          public void onEvent(JsonNode event) {
            order.add("kill");
          }

          @Override
          public void onEnd(EngineException cause) {
            order.add("ended: " + cause.getMessage());
          }
        });
  }

  /** Says "leaving" as soon as a reader of the topic can know. */
  private TopicView<Task> leaving(String service, List<String> order) {
    return TopicView.open(
        it.platform,
        "test-order",
        Topics.TASKS,
        Codecs.TASKS,
        change -> {
          Task task = change.after();
          if (!change.replay() && task != null && task.serviceId().equals(service)) {
            if (task.leaving() && !task.ready()) {
              order.add("leaving");
            }
          }
        });
  }

  private List<String> recordsOf(String service) {
    return rawRecords().stream().filter(r -> r.contains(service)).toList();
  }

  /** Everything in the inventory's topics, as text with its place. */
  private List<String> rawRecords() {
    List<String> found = new ArrayList<>();
    Map<String, Object> settings =
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          List.of(Topics.NODES, Topics.SERVICES, Topics.TASKS, Topics.NETWORKS).stream()
              .map(t -> new TopicPartition(t.name(), 0))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          String value =
              record.value() == null ? "" : new String(record.value(), StandardCharsets.UTF_8);
          found.add(record.topic() + "@" + record.offset() + " " + value);
        }
      }
    }
    return found;
  }
}
