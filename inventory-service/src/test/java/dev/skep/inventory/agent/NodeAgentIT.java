package dev.skep.inventory.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.engine.Filters;
import dev.skep.inventory.Fixture;
import dev.skep.inventory.InventoryService;
import dev.skep.model.Codecs;
import dev.skep.model.cluster.Node;
import dev.skep.model.cluster.Observation;
import dev.skep.model.cluster.Observation.Kind;
import dev.skep.model.cluster.Task;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.PlainPublisher;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.runtime.kafka.Write;
import dev.skep.testing.EngineRelay;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import dev.skep.testing.WithKafka;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@WithKafka
@RequiresEngine
@RequiresImage(Fixture.IMAGE)
class NodeAgentIT {
  private final KafkaTest kafka;
  private Fixture it;
  private String node;
  private TopicView<Node> nodes;
  private TopicView<Observation> observations;
  private final List<Observation> seen = new CopyOnWriteArrayList<>();

  NodeAgentIT(KafkaTest kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void open() {
    it = new Fixture(kafka);
    node = it.engine.info().path("Swarm").path("NodeID").asText();
    nodes = TopicView.open(it.platform, "test", Topics.NODES, Codecs.NODES, c -> {});
    observations =
        TopicView.open(
            it.platform,
            "test",
            Topics.OBSERVATIONS,
            Codecs.OBSERVATIONS,
            c -> seen.add(c.after()));
  }

  @AfterEach
  void close() {
    nodes.close();
    observations.close();
    it.close();
    assertThat(it.fatal).isEmpty();
  }

  @Test
  void anAgentBeatsAndTellsWhatItsNodesTasksDo() {
    try (NodeAgent agent = agent()) {
      // Given a container of this node
      Fixture.within().until(() -> agent.health().ready());
      String id = it.create("agent", 1);
      Fixture.within().until(() -> container(id) != null);
      String container = container(id);

      // When
      it.engine.removeService(id);

      // Then
      Fixture.within().until(() -> kindsOf(container).contains(Kind.DIE));
      assertThat(kindsOf(container)).containsSubsequence(Kind.START, Kind.KILL, Kind.DIE);
      assertThat(seen)
          .filteredOn(o -> container.equals(o.containerId()) && o.kind() == Kind.START)
          .allMatch(o -> o.nodeId().equals(node) && Boolean.FALSE.equals(o.healthcheck()));
      assertThat(seen).anyMatch(o -> o.kind() == Kind.BEAT);
    }
  }

  @Test
  void aNodeKnowsThatItsAgentIsThereAndForgetsItWhenItSaysGoodbye() {
    try (InventoryService inventory = it.inventory()) {
      // Given
      NodeAgent agent = agent();
      Fixture.within().until(() -> Boolean.TRUE.equals(agentSeen()));
      assertThat(agent.health().details()).containsEntry("node", node);
      assertThat(inventory.health().ready()).isTrue();

      // When
      agent.close();

      // Then
      Fixture.within().until(() -> agentSeen() == null);
    }
  }

  @Test
  void anAgentThatEndsWithItsEngineSaysNoGoodbye(@TempDir Path dir) throws Exception {
    try (InventoryService inventory = it.inventory();
        EngineRelay relay = new EngineRelay(dir.resolve("engine.sock"));
        EngineClient engine =
            EngineClient.connect(
                new EngineConfig(URI.create(relay.uri()), Duration.ofSeconds(15)))) {
      // Given
      NodeAgent agent = new NodeAgent(it.platform, engine, NodeAgentConfig.defaults());
      agent.start();
      Fixture.within().until(() -> Boolean.TRUE.equals(agentSeen()));

      // When
      relay.cut();
      agent.close();

      // Then its silence is the node's
      Fixture.within().until(() -> Boolean.FALSE.equals(agentSeen()));
      assertThat(inventory.health().ready()).isTrue();
      try (PlainPublisher publisher = PlainPublisher.open(it.platform, "node-agent")) {
        publish(publisher, observation(node, Kind.BYE, null));
      }
    }
  }

  @Test
  void theTasksOfANodeWhoseAgentFellSilentAreNotReadyUntilItIsHeardAgain() {
    try (InventoryService inventory = it.inventory();
        PlainPublisher agent = PlainPublisher.open(it.platform, "node-agent")) {
      // Given a node whose agent was heard once
      String id = it.create("silent", 1);
      it.awaitReady(id, 1);
      publish(agent, observation(node, Kind.BEAT, null));
      Fixture.within().until(() -> Boolean.TRUE.equals(agentSeen()));

      // When it is not heard any more
      Fixture.within().until(() -> Boolean.FALSE.equals(agentSeen()));

      // Then
      Fixture.within().until(() -> it.ready(id).isEmpty());
      publish(agent, observation(node, Kind.BEAT, null));
      it.awaitReady(id, 1);
      assertThat(inventory.health().ready()).isTrue();
      publish(agent, observation(node, Kind.BYE, null));
    }
  }

  @Test
  void whatAnotherNodesAgentSaysOfATaskIsIgnored() {
    try (InventoryService inventory = it.inventory();
        PlainPublisher agent = PlainPublisher.open(it.platform, "node-agent")) {
      // Given two tasks on this node
      String id = it.create("forged", 2);
      it.awaitReady(id, 2);
      Task first = it.ready(id).get(0);
      Task second = it.ready(id).get(1);

      // When another node's agent speaks of the first, and afterwards ours of the second
      publish(agent, observation("another-node", Kind.DIE, first.id()));
      publish(agent, observation(node, Kind.UNHEALTHY, second.id()));

      // Then
      Fixture.within().until(() -> !it.tasks.get(second.id()).orElseThrow().ready());
      assertThat(it.tasks.get(first.id()).orElseThrow().ready()).isTrue();
      assertThat(inventory.health().live()).isTrue();
    }
  }

  private NodeAgent agent() {
    NodeAgent agent = new NodeAgent(it.platform, it.engine, NodeAgentConfig.defaults());
    agent.start();
    return agent;
  }

  private Boolean agentSeen() {
    return nodes.get(node).map(Node::agentSeen).orElse(null);
  }

  private List<Kind> kindsOf(String container) {
    return seen.stream()
        .filter(o -> container.equals(o.containerId()))
        .map(Observation::kind)
        .toList();
  }

  /** The service's running container; null while there is none. */
  private String container(String service) {
    Filters filters = Filters.of("label", "com.docker.swarm.service.id=" + service);
    return it.engine.containers(filters).path(0).path("Id").asText(null);
  }

  private Observation observation(String from, Kind kind, String task) {
    return new Observation(from, kind, task, null, null, null, it.platform.clock().instant());
  }

  private static void publish(PlainPublisher publisher, Observation observation) {
    publisher
        .publish(
            Write.put(
                Topics.OBSERVATIONS,
                Codecs.OBSERVATIONS,
                observation.nodeId(),
                observation,
                "seen",
                null))
        .toCompletableFuture()
        .orTimeout(Duration.ofSeconds(30).toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }
}
