package dev.skep.edgeconfig;

import static dev.skep.edgeconfig.Cluster.ready;
import static dev.skep.edgeconfig.Cluster.service;
import static dev.skep.edgeconfig.Cluster.task;
import static dev.skep.edgeconfig.Cluster.web;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.skep.model.Codecs;
import dev.skep.model.cluster.Network;
import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;
import dev.skep.model.cluster.Task.State;
import dev.skep.model.edge.Backend;
import dev.skep.model.edge.Route;
import dev.skep.model.edge.RoutingEntry;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.kafka.FencedException;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.kafka.Writer;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.WithKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@WithKafka
class EdgeConfigServiceIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final KafkaTest kafka;
  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<TopicView.Change<RoutingEntry>> changes = new CopyOnWriteArrayList<>();
  private Platform platform;
  private Writer inventory;
  private TopicView<RoutingEntry> routes;

  EdgeConfigServiceIT(KafkaTest kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void open() {
    kafka.wipe();
    platform = Platform.create(KafkaConfig.of(kafka.bootstrapServers()), fatal::add);
    open.add(platform);
    inventory = Writer.open(platform, "inventory");
    open.add(inventory);
    routes = TopicView.open(platform, "test", Topics.ROUTES, Codecs.ROUTES, changes::add);
    open.add(routes);
    assertThat(routes.awaitReady(SOON)).isTrue();
    publish(put(Cluster.network(Cluster.EDGE, "skep-edge")));
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable part : open.reversed()) {
      part.close();
    }
    assertThat(fatal).isEmpty();
  }

  @Test
  void labelsAndTasksBecomeRoutesAndFollowThem() {
    publish(
        put(service("shop", web("shop", "shop.example"))), put(ready("t1", "shop", "10.9.0.1")));
    start();
    await().atMost(SOON).until(() -> servers("shop").equals(Map.of("t1", Backend.State.READY)));
    assertThat(route("shop").accepted()).isTrue();

    publish(put(ready("t2", "shop", "10.9.0.2")));
    await().atMost(SOON).until(() -> servers("shop").containsKey("t2"));

    publish(put(task("t1", "shop", State.RUNNING, State.SHUTDOWN, false, "10.9.0.1")));
    await().atMost(SOON).until(() -> servers("shop").get("t1") == Backend.State.DRAIN);

    publish(put(task("t1", "shop", State.SHUTDOWN, State.SHUTDOWN, false, "10.9.0.1")));
    await().atMost(SOON).until(() -> servers("shop").equals(Map.of("t2", Backend.State.READY)));

    publish(Write.delete(Topics.TASKS, Codecs.TASKS, "t2"));
    await().atMost(SOON).until(() -> servers("shop").isEmpty());
    assertThat(route("shop").accepted()).isTrue();

    publish(Write.delete(Topics.SERVICES, Codecs.SERVICES, "shop"));
    await().atMost(SOON).until(() -> routes.values().isEmpty());
  }

  @Test
  void aBadLabelAmongGoodOnesHarmsItsRouteOnly() {
    Map<String, String> labels = web("shop", "shop.example");
    labels.put("traefik.http.routers.bad.rule", "Host(`shop.example`");
    start();

    publish(put(service("shop", labels)), put(service("other", web("other", "other.example"))));

    await().atMost(SOON).until(() -> route("bad") != null && route("other") != null);
    assertThat(route("bad").conditions().getFirst().reason()).isEqualTo("InvalidRule");
    assertThat(route("shop").accepted()).isTrue();
    assertThat(route("other").accepted()).isTrue();
  }

  @Test
  void anIncumbentStaysAcrossARestartAndHandsOverWhenItGoes() {
    EdgeConfigService first = start();
    publish(put(service("z-first", web("shop", "shop.example"))));
    await().atMost(SOON).until(() -> route("shop") != null);
    first.close();
    publish(put(service("a-second", web("shop", "shop.example"))));

    start();

    await().atMost(SOON).until(() -> route("shop@a-second") != null);
    assertThat(route("shop").serviceId()).isEqualTo("z-first");
    assertThat(route("shop@a-second").accepted()).isFalse();
    publish(Write.delete(Topics.SERVICES, Codecs.SERVICES, "z-first"));
    await().atMost(SOON).until(() -> route("shop@a-second") == null);
    assertThat(route("shop").serviceId()).isEqualTo("a-second");
    assertThat(route("shop").accepted()).isTrue();
  }

  @Test
  void aRestartPublishesNothingThatHasNotChanged() {
    publish(put(service("shop", web("shop", "shop.example"))));
    EdgeConfigService first = start();
    await().atMost(SOON).until(() -> route("shop") != null);
    first.close();
    long before = routes.appliedOffset();
    int count = changes.size();

    start();
    // A marker behind whatever the restart may have published.
    publish(put(service("other", web("other", "other.example"))));

    await().atMost(SOON).until(() -> route("other") != null);
    assertThat(changes.subList(count, changes.size()))
        .extracting(TopicView.Change::key)
        .containsOnly("route/other", "backend/other");
    assertThat(routes.appliedOffset()).isGreaterThan(before);
  }

  @Test
  void whatWentWhileTheServiceWasAwayIsRemoved() {
    publish(put(service("shop", web("shop", "shop.example"))));
    EdgeConfigService first = start();
    await().atMost(SOON).until(() -> route("shop") != null);
    first.close();
    publish(Write.delete(Topics.SERVICES, Codecs.SERVICES, "shop"));

    start();

    await().atMost(SOON).until(() -> routes.values().isEmpty());
  }

  @Test
  void aServiceThatCameBeforeItsNetworkIsServedWhenTheNetworkComes() {
    start();
    Map<String, String> labels = web("shop", "shop.example");
    labels.put("traefik.swarm.network", "late");
    publish(put(service("shop", labels, "net-late")));
    await().atMost(SOON).until(() -> route("shop") != null);
    assertThat(route("shop").conditions().getFirst().reason()).isEqualTo("NotOnEdgeNetwork");

    publish(put(Cluster.network("net-late", "late")));

    await().atMost(SOON).until(() -> route("shop").accepted());
  }

  @Test
  void aNewerProcessFencesTheOlderWhichEnds() {
    List<Throwable> ended = new CopyOnWriteArrayList<>();
    Platform older = Platform.create(KafkaConfig.of(kafka.bootstrapServers()), ended::add);
    open.add(older);
    EdgeConfigService zombie = new EdgeConfigService(older, EdgeConfigConfig.defaults());
    open.add(zombie);
    zombie.start();
    await().atMost(SOON).until(() -> zombie.health().ready());
    start();

    publish(put(service("shop", web("shop", "shop.example"))));

    await().atMost(SOON).until(() -> !ended.isEmpty());
    assertThat(ended.getFirst()).isInstanceOf(FencedException.class);
    await().atMost(SOON).until(() -> route("shop") != null && route("shop").accepted());
  }

  private EdgeConfigService start() {
    EdgeConfigService service = new EdgeConfigService(platform, EdgeConfigConfig.defaults());
    open.add(service);
    service.start();
    await().atMost(SOON).until(() -> service.health().ready());
    return service;
  }

  private Route route(String id) {
    return (Route) routes.values().get("route/" + id);
  }

  private Map<String, Backend.State> servers(String backend) {
    Map<String, Backend.State> servers = new java.util.TreeMap<>();
    if (routes.values().get("backend/" + backend) instanceof Backend b) {
      b.servers().forEach(s -> servers.put(s.id(), s.state()));
    }
    return servers;
  }

  private void publish(Write<?>... writes) {
    inventory.publish(List.of(writes));
  }

  private static Write<?> put(Service s) {
    return Write.put(Topics.SERVICES, Codecs.SERVICES, s.id(), s, "updated", null);
  }

  private static Write<?> put(Task t) {
    return Write.put(Topics.TASKS, Codecs.TASKS, t.id(), t, "updated", null);
  }

  private static Write<?> put(Network n) {
    return Write.put(Topics.NETWORKS, Codecs.NETWORKS, n.id(), n, "updated", null);
  }
}
