package dev.skep.edgeconfig;

import static dev.skep.edgeconfig.Cluster.service;
import static dev.skep.edgeconfig.Cluster.web;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.skep.broker.EmbeddedKafka;
import dev.skep.model.Codecs;
import dev.skep.model.cluster.Service;
import dev.skep.model.edge.RoutingEntry;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.TopicAdmin;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.kafka.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerOutageIT {
  private static final Duration SOON = Duration.ofSeconds(40);

  @Test
  void afterAnOutageTheServiceGoesOnAndHasTakenNothingAway(@TempDir Path data) {
    List<Throwable> fatal = new CopyOnWriteArrayList<>();
    List<String> tombstones = new CopyOnWriteArrayList<>();
    EmbeddedKafka broker = EmbeddedKafka.start(data, 0);
    String address = broker.bootstrapServers();
    int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    KafkaConfig kafka = KafkaConfig.of(address);
    TopicAdmin.ensure(kafka, Topics.all());
    try (Platform platform = Platform.create(kafka, fatal::add);
        EdgeConfigService service = new EdgeConfigService(platform, EdgeConfigConfig.defaults());
        TopicView<RoutingEntry> routes =
            TopicView.open(
                platform,
                "test",
                Topics.ROUTES,
                Codecs.ROUTES,
                change -> {
                  if (change.after() == null) {
                    tombstones.add(change.key());
                  }
                });
        Writer inventory = Writer.open(platform, "inventory")) {
      inventory.publish(
          List.of(
              Write.put(
                  Topics.NETWORKS,
                  Codecs.NETWORKS,
                  Cluster.EDGE,
                  Cluster.network(Cluster.EDGE, "skep-edge"),
                  "updated",
                  null),
              put(service("shop", web("shop", "shop.example")))));
      service.start();
      await().atMost(SOON).until(() -> routes.values().containsKey("route/shop"));

      broker.close();
      broker = EmbeddedKafka.start(data, port);
      inventory.publish(List.of(put(service("late", web("late", "late.example")))));

      await().atMost(SOON).until(() -> routes.values().containsKey("route/late"));
      assertThat(routes.values()).containsKey("route/shop");
      assertThat(tombstones).isEmpty();
      assertThat(fatal).isEmpty();
    } finally {
      broker.close();
    }
  }

  private static Write<?> put(Service s) {
    return Write.put(Topics.SERVICES, Codecs.SERVICES, s.id(), s, "updated", null);
  }
}
