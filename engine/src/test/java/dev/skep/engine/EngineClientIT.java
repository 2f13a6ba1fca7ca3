package dev.skep.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.testing.Dirs;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@RequiresEngine
@RequiresImage("haproxy:3.4")
class EngineClientIT {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final EngineClient engine = EngineClient.connect(EngineConfig.local());
  private final List<Runnable> undo = new ArrayList<>();

  @AfterEach
  void clean() {
    undo.reversed().forEach(Runnable::run);
    engine.close();
  }

  @Test
  void aServiceIsReadChangedAndWrittenWithoutLosingAField() {
    // Given a service with fields that typed models lack
    String id = create("rmw");
    JsonNode before = engine.service(id);
    ObjectNode spec = before.path("Spec").deepCopy();
    spec.withObject("/Labels").put("more", "1");

    // When
    engine.updateService(id, index(before), spec, null, null);

    // Then
    JsonNode after = engine.service(id);
    assertThat(after.path("Spec").path("Labels").path("more").asText()).isEqualTo("1");
    assertThat(after.path("Spec").path("TaskTemplate"))
        .isEqualTo(before.path("Spec").path("TaskTemplate"));
    assertThat(after.at("/Spec/TaskTemplate/ContainerSpec/Sysctls").isObject()).isTrue();
  }

  @Test
  void anUpdateOfAnOldVersionIsOutOfSequence() {
    // Given a service that was changed since it was read
    String id = create("stale");
    JsonNode read = engine.service(id);
    ObjectNode spec = read.path("Spec").deepCopy();
    spec.withObject("/Labels").put("more", "1");
    engine.updateService(id, index(read), spec, null, null);

    // When
    EngineException e =
        catchThrowableOfType(
            EngineException.class, () -> engine.updateService(id, index(read), spec, null, null));

    // Then
    assertThat(e.isOutOfSequence()).isTrue();
    assertThat(e).hasMessageContaining("read the object again and retry");
  }

  @Test
  void whatDoesNotExistIsNotFound() {
    // Given
    String name = "engine-it-nothing";

    // When
    EngineException e = catchThrowableOfType(EngineException.class, () -> engine.service(name));

    // Then
    assertThat(e.isNotFound()).isTrue();
    assertThat(e.reason()).contains(name);
  }

  @Test
  void aNameThatIsTakenIsAConflict() {
    // Given
    ObjectNode secret = MAPPER.createObjectNode().put("Name", "engine-it-secret");
    secret.put("Data", "c2VjcmV0").set("Labels", MAPPER.createObjectNode());
    String id = engine.createSecret(secret).path("ID").asText();
    undo.add(() -> engine.removeSecret(id));

    // When
    EngineException e =
        catchThrowableOfType(EngineException.class, () -> engine.createSecret(secret));

    // Then
    assertThat(e.isConflict()).isTrue();
    assertThat(e.getMessage()).doesNotContain("c2VjcmV0");
    assertThat(engine.secrets().findValuesAsText("ID")).contains(id);
  }

  @Test
  void eventsOfAServiceArriveWithItsId() {
    // Given
    List<String> ids = new CopyOnWriteArrayList<>();
    Filters filters = Filters.of("type", "service").and("scope", "swarm");
    EventStream stream =
        engine.events(
            null,
            filters,
            new EventListener() {
              @Override
              public void onOpen() {
                ids.add("open");
              }

              @Override
              public void onEvent(JsonNode event) {
                ids.add(event.at("/Actor/ID").asText());
              }

              @Override
              public void onEnd(EngineException cause) {
                ids.add("ended: " + cause.getMessage());
              }
            });
    undo.add(stream::close);
    await().until(() -> ids.contains("open"));

    // When
    String id = create("events");

    // Then
    await().until(() -> ids.contains(id));
  }

  @Test
  void aCommandInAContainerHasItsOutputAndExitCode() {
    // Given
    String service = create("exec");
    Filters mine = Filters.of("label", "com.docker.swarm.service.id=" + service);
    await().atMost(Duration.ofSeconds(30)).until(() -> engine.containers(mine).size() == 1);
    String container = engine.containers(mine).path(0).path("Id").asText();

    // When
    ExecResult result =
        engine.execInContainer(
            container,
            List.of("sh", "-c", "echo out; echo err >&2; exit 3"),
            Duration.ofSeconds(10));

    // Then
    assertThat(result).isEqualTo(new ExecResult(3, "out\n", "err\n"));
  }

  @Test
  void aSocketThatIsNotThereSaysSo() {
    // Given
    Path nowhere = Dirs.temp("engine-it").resolve("docker.sock");

    // When
    EngineException e;
    try (EngineClient client = client(nowhere)) {
      e = catchThrowableOfType(EngineException.class, client::info);
    }

    // Then
    assertThat(e.isUnreachable()).isTrue();
    assertThat(e).hasMessageContaining("there is no socket " + nowhere);
  }

  @Test
  void manyCallsToASocketThatNeverAnswersAllEndInTime() throws IOException {
    // Given a socket that takes connections and says nothing
    Path path = Dirs.temp("engine-it").resolve("docker.sock");
    try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        EngineClient client = client(path)) {
      silent.bind(UnixDomainSocketAddress.of(path));
      List<EngineException> errors = new CopyOnWriteArrayList<>();

      // When more calls are made than there are carrier threads
      for (int i = 0; i < 20; i++) {
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    client.info();
                  } catch (EngineException e) {
                    errors.add(e);
                  }
                });
      }

      // Then none holds on to its thread
      await().atMost(Duration.ofSeconds(20)).until(() -> errors.size() == 20);
      assertThat(errors).allMatch(EngineException::isUnreachable);
    }
  }

  private static EngineClient client(Path socket) {
    return EngineClient.connect(
        new EngineConfig(URI.create("unix://" + socket), Duration.ofSeconds(1)));
  }

  private String create(String name) {
    ObjectNode spec = MAPPER.createObjectNode().put("Name", "engine-it-" + name);
    ObjectNode container = spec.withObject("/TaskTemplate/ContainerSpec");
    container.put("Image", "haproxy:3.4").put("StopGracePeriod", 1_000_000_000L);
    container.withArray("/Command").add("sleep");
    container.withArray("/Args").add("3600");
    container.withObject("/Sysctls").put("net.ipv4.ip_unprivileged_port_start", "0");
    spec.withObject("/Mode/Replicated").put("Replicas", 1);
    String id = engine.createService(spec, null).path("ID").asText();
    undo.add(() -> engine.removeService(id));
    return id;
  }

  private static long index(JsonNode service) {
    return service.path("Version").path("Index").asLong();
  }
}
