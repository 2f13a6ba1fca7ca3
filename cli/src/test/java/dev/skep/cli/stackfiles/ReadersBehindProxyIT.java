package dev.skep.cli.stackfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.engine.Filters;
import dev.skep.inventory.InventoryConfig;
import dev.skep.inventory.InventoryService;
import dev.skep.inventory.agent.NodeAgent;
import dev.skep.inventory.agent.NodeAgentConfig;
import dev.skep.model.Codecs;
import dev.skep.model.Json;
import dev.skep.model.cluster.Observation;
import dev.skep.model.cluster.Observation.Kind;
import dev.skep.model.cluster.Task;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.config.ConfigReader;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.RequiresCommand;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import dev.skep.testing.WithKafka;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The node agent and the inventory lack nothing behind their sockets. */
@WithKafka
@RequiresEngine
@RequiresCommand("docker")
@RequiresImage(EngineProxy.IMAGE)
class ReadersBehindProxyIT {
  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  private final List<Observation> observed = new CopyOnWriteArrayList<>();

  @TempDir Path dir;

  @Test
  void aServicesLifeIsSeenThroughTheSockets(KafkaTest kafka) {
    kafka.wipe();
    try (EngineProxy proxy = EngineProxy.read(dir, EngineProxy.file("engine-read.cfg"));
        Platform platform = Platform.create(KafkaConfig.of(kafka.bootstrapServers()), fatal::add);
        EngineClient direct = EngineClient.connect(EngineConfig.local());
        EngineClient manager = EngineClient.connect(managerConfig(proxy).engine());
        EngineClient node = EngineClient.connect(nodeConfig(proxy).engine());
        InventoryService inventory = new InventoryService(platform, manager, managerConfig(proxy));
        NodeAgent agent = new NodeAgent(platform, node, nodeConfig(proxy));
        TopicView<Task> tasks =
            TopicView.open(platform, "test", Topics.TASKS, Codecs.TASKS, change -> {});
        TopicView<Observation> observations =
            TopicView.open(
                platform,
                "test",
                Topics.OBSERVATIONS,
                Codecs.OBSERVATIONS,
                change -> observed.add(change.after()))) {
      // Given both are ready
      inventory.start();
      agent.start();
      within().until(() -> inventory.health().ready() && agent.health().ready());

      // When a service comes and goes
      String service = create(direct);
      String container;
      try {
        within().until(() -> tasks.values().values().stream().anyMatch(t -> readyOf(t, service)));
        within().until(() -> !containers(direct, service).isEmpty());
        container = containers(direct, service).get(0);
      } finally {
        direct.removeService(service);
      }

      // Then the agent saw its container, and the inventory its end
      within().until(() -> kinds(container).contains(Kind.DIE));
      assertThat(kinds(container)).containsSubsequence(Kind.START, Kind.KILL, Kind.DIE);
      within().until(() -> tasks.values().values().stream().noneMatch(t -> readyOf(t, service)));
      assertThat(observations.ready()).isTrue();
      assertThat(fatal).isEmpty();
      assertThat(proxy.log()).as("nothing that they need is refused").doesNotContain("refused ");
    }
  }

  private static InventoryConfig managerConfig(EngineProxy proxy) {
    return InventoryConfig.from(environment(proxy.manager()));
  }

  private static NodeAgentConfig nodeConfig(EngineProxy proxy) {
    return NodeAgentConfig.from(environment(proxy.node()));
  }

  private static ConfigReader environment(SocketAddress socket) {
    return new ConfigReader(Map.of("SKEP_ENGINE_HOST", EngineProxy.host(socket)));
  }

  private static String create(EngineClient engine) {
    ObjectNode spec =
        Json.mapper()
            .createObjectNode()
            .put("Name", "readers-behind-proxy-it-" + ProcessHandle.current().pid());
    ObjectNode container = spec.withObject("/TaskTemplate/ContainerSpec");
    container.put("Image", EngineProxy.IMAGE).put("StopGracePeriod", 1_000_000_000L);
    container.withArray("/Command").add("sleep");
    container.withArray("/Args").add("3600");
    spec.withObject("/Mode/Replicated").put("Replicas", 1);
    return engine.createService(spec, null).path("ID").asText();
  }

  private static boolean readyOf(Task task, String service) {
    return task.serviceId().equals(service) && task.ready();
  }

  private static List<String> containers(EngineClient engine, String service) {
    return engine
        .containers(Filters.of("label", "com.docker.swarm.service.id=" + service))
        .findValuesAsText("Id");
  }

  private List<Kind> kinds(String container) {
    return observed.stream()
        .filter(o -> o != null && container.equals(o.containerId()))
        .map(Observation::kind)
        .toList();
  }

  private static ConditionFactory within() {
    return await().atMost(Duration.ofSeconds(40)).pollInterval(Duration.ofMillis(20));
  }
}
