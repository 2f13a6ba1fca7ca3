package dev.skep.inventory;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.engine.EngineException;
import dev.skep.engine.Filters;
import dev.skep.model.Codecs;
import dev.skep.model.Json;
import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.testing.KafkaTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.core.ConditionFactory;

/** A platform, the real Engine, views of what is published, and services that go away again. */
public final class Fixture implements AutoCloseable {
  public static final String IMAGE = "haproxy:3.4";
  public static final String SECRET = "hunter2-never-published";

  public final Platform platform;
  public final EngineClient engine = EngineClient.connect(EngineConfig.local());
  public final TopicView<Service> services;
  public final TopicView<Task> tasks;
  public final List<Throwable> fatal = new CopyOnWriteArrayList<>();

  /** Every record of a task, in order. */
  public final List<TopicView.Change<Task>> taskChanges = new CopyOnWriteArrayList<>();

  public final List<TopicView.Change<Service>> serviceChanges = new CopyOnWriteArrayList<>();

  private final List<String> created = new ArrayList<>();

  public Fixture(KafkaTest kafka) {
    kafka.wipe();
    platform = Platform.create(KafkaConfig.of(kafka.bootstrapServers()), fatal::add);
    services =
        TopicView.open(platform, "test", Topics.SERVICES, Codecs.SERVICES, serviceChanges::add);
    tasks = TopicView.open(platform, "test", Topics.TASKS, Codecs.TASKS, taskChanges::add);
  }

  public InventoryService inventory() {
    return inventory(engine);
  }

  public InventoryService inventory(EngineClient client) {
    InventoryService inventory = new InventoryService(platform, client, InventoryConfig.defaults());
    inventory.start();
    within().until(() -> inventory.health().ready());
    return inventory;
  }

  /** A service that sleeps; its environment holds {@link #SECRET}. */
  public String create(String name, int replicas) {
    ObjectNode spec = Json.mapper().createObjectNode().put("Name", "inventory-it-" + name);
    spec.withObject("/Labels").put("dev.skep.test", "inventory");
    ObjectNode container = spec.withObject("/TaskTemplate/ContainerSpec");
    container.put("Image", IMAGE).put("StopGracePeriod", 1_000_000_000L);
    container.withArray("/Command").add("sleep");
    container.withArray("/Args").add("3600");
    container.withArray("/Env").add("PASSWORD=" + SECRET);
    spec.withObject("/Mode/Replicated").put("Replicas", replicas);
    String id = engine.createService(spec, null).path("ID").asText();
    created.add(id);
    return id;
  }

  public void scale(String id, int replicas) {
    JsonNode service = engine.service(id);
    ObjectNode spec = service.path("Spec").deepCopy();
    spec.withObject("/Mode/Replicated").put("Replicas", replicas);
    engine.updateService(id, service.path("Version").path("Index").asLong(), spec, null, null);
  }

  public List<Task> tasksOf(String service) {
    return tasks.values().values().stream().filter(t -> t.serviceId().equals(service)).toList();
  }

  public List<Task> ready(String service) {
    return tasksOf(service).stream().filter(Task::ready).toList();
  }

  public void awaitReady(String service, int count) {
    within().until(() -> ready(service).size() == count);
  }

  public static ConditionFactory within() {
    return await().atMost(Duration.ofSeconds(40)).pollInterval(Duration.ofMillis(20));
  }

  @Override
  public void close() {
    for (String id : created) {
      try {
        engine.removeService(id);
      } catch (EngineException e) {
        if (!e.isNotFound()) {
          throw e;
        }
      }
      within().until(() -> gone(id));
    }
    services.close();
    tasks.close();
    engine.close();
    platform.close();
  }

  private boolean gone(String service) {
    return engine
        .containers(Filters.of("label", "com.docker.swarm.service.id=" + service))
        .isEmpty();
  }
}
