package dev.skep.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.model.Codecs;
import dev.skep.model.Json;
import dev.skep.model.cluster.Service;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.http.Metrics;
import dev.skep.runtime.kafka.PlainPublisher;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import dev.skep.testing.WithKafka;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From what the inventory tells to the Engine: a whole deployer, a broker and a real Swarm. */
@RequiresEngine
@RequiresImage("haproxy:3.4")
@WithKafka
class SchedulesIT {
  private static final String NAME = "cron-whole-job";
  private static final Duration LONG = Duration.ofSeconds(60);

  private final KafkaTest kafka;
  private final URI address =
      URI.create(
          Optional.ofNullable(System.getenv("DOCKER_HOST")).orElse("unix:///var/run/docker.sock"));
  private final EngineClient engine = EngineClient.connect(EngineConfig.of(address));
  private RunningDeployer deployer;

  SchedulesIT(KafkaTest kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void start() throws Exception {
    kafka.wipe();
    removeService();
    deployer = new RunningDeployer(kafka, address, PrivateKeyRing.create());
  }

  @AfterEach
  void stop() {
    deployer.close();
    removeService();
    engine.close();
  }

  private void removeService() {
    for (JsonNode service : engine.services(false)) {
      if (service.at("/Spec/Name").asText().equals(NAME)) {
        engine.removeService(service.path("ID").asText());
      }
    }
  }

  private String create() throws Exception {
    ObjectNode spec =
        (ObjectNode)
            Json.mapper()
                .readTree(
                    """
                    {"Name":"%s","Mode":{"ReplicatedJob":{"MaxConcurrent":0,"TotalCompletions":0}},
                     "TaskTemplate":{"ContainerSpec":{"Image":"haproxy:3.4","Command":["true"]},
                     "RestartPolicy":{"Condition":"none"}}}
                    """
                        .formatted(NAME));
    return engine.createService(spec, null).path("ID").asText();
  }

  private void tell(String id, String expression) {
    Instant now = Instant.now();
    Service service =
        new Service(
            id,
            NAME,
            null,
            Map.of("dev.skep.schedule", expression),
            Service.Mode.REPLICATED_JOB,
            0,
            "haproxy:3.4",
            null,
            null,
            false,
            false,
            null,
            null,
            now,
            now,
            1);
    send(Write.put(Topics.SERVICES, Codecs.SERVICES, id, service, "updated", null));
  }

  private void send(Write<Service> write) {
    try (PlainPublisher publisher = PlainPublisher.open(deployer.platform(), "test")) {
      publisher.publish(write).toCompletableFuture().join();
    }
  }

  private JsonNode schedule() {
    JsonNode all = deployer.get("/api/schedules").body().path("schedules");
    return all.isEmpty() ? MissingNode.getInstance() : all.get(0);
  }

  @Test
  void aServiceOfTheClusterIsRunAndWhatCameOfItIsToldEverywhere() throws Exception {
    String id = create();

    // Long enough for its end to be seen before the next one begins.
    tell(id, "*/4 * * * * *");

    await().atMost(LONG).until(() -> schedule().at("/last/result").asText(), "SUCCEEDED"::equals);
    assertThat(schedule().path("service").asText()).isEqualTo(NAME);
    assertThat(schedule().path("timezone").asText()).isEqualTo("UTC");
    assertThat(Instant.parse(schedule().path("next").asText())).isNotNull();
    String scraped = Metrics.scrape(deployer.platform().metrics(), null);
    assertThat(scraped)
        .contains("skep_schedule_runs_total{outcome=\"succeeded\",service=\"" + NAME + "\"")
        .contains("skep_schedule_last_success_timestamp_seconds{service=\"" + NAME + "\"");

    tell(id, "often");
    await().atMost(LONG).until(() -> !schedule().path("problems").isEmpty());
    assertThat(schedule().path("problems").get(0).asText())
        .startsWith("label dev.skep.schedule 'often' cannot be read");

    send(Write.delete(Topics.SERVICES, Codecs.SERVICES, id));
    await().atMost(LONG).until(() -> schedule().isMissingNode());
  }
}
