package dev.skep.cli.stackfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.cli.stackfiles.RawHttp.Answer;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.engine.Filters;
import dev.skep.model.Json;
import dev.skep.testing.RequiresCommand;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the two reading sockets let through, and what not. */
@RequiresEngine
@RequiresCommand("docker")
@RequiresImage(EngineProxy.IMAGE)
class EngineReadIT {
  @TempDir static Path dir;

  private static EngineProxy proxy;

  @BeforeAll
  static void start() {
    proxy = EngineProxy.read(dir, EngineProxy.file("engine-read.cfg"));
  }

  @AfterAll
  static void end() {
    proxy.close();
  }

  @Test
  void theNodeAgentsSocketRefusesAllElse() {
    int refused =
        RefusedRequests.checkAll(
            "refused-node.txt", proxy.node(), proxy.engine, "stack/engine-read.cfg");

    assertThat(refused).isGreaterThan(100);
  }

  @Test
  void theInventorysSocketRefusesAllElse() {
    int refused =
        RefusedRequests.checkAll(
            "refused-manager.txt", proxy.manager(), proxy.engine, "stack/engine-read.cfg");

    assertThat(refused).isGreaterThan(50);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/_ping",
        "/version",
        "/v1.41/version",
        "/v1.41/info",
        "/containers/json",
        "/v1.41/containers/json?filters=%7B%22label%22%3A%5B%22com.docker.swarm.task.id%22%5D%7D",
        "/v1.41/events?since=1&until=2&filters=%7B%22type%22%3A%5B%22container%22%5D%7D"
      })
  void theNodeAgentMayReadItsNode(String path) {
    assertPasses(proxy.node(), path, 200);
  }

  @Test
  void theNodeAgentMayReadAContainer() {
    // The Engine's own answer: there is none of this id.
    assertPasses(proxy.node(), "/v1.41/containers/" + "0123456789abcdef".repeat(4) + "/json", 404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/_ping",
        "/v1.41/version",
        "/v1.41/nodes",
        "/v1.41/services?status=true",
        "/v1.41/tasks?filters=%7B%22desired-state%22%3A%5B%22running%22%5D%7D",
        "/v1.41/networks?filters=%7B%22scope%22%3A%5B%22swarm%22%5D%7D",
        "/v1.41/events?since=1&until=2"
      })
  void theInventoryMayReadTheSwarm(String path) {
    assertPasses(proxy.manager(), path, 200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /version HTTP/1.1\r\nHost: engine\r\nConnection: close\r\nUpgrade: tcp\r\n\r\n",
        "GET /version HTTP/1.1\r\nHost: engine\r\nConnection: upgrade\r\n\r\n",
        "GET /version HTTP/1.1\r\nHost: engine\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n",
        "GET /version HTTP/3.0\r\nHost: engine\r\nConnection: close\r\n\r\n",
        "GET\t/version HTTP/1.1\r\nHost: engine\r\nConnection: close\r\n\r\n"
      })
  void whatPassesReachesTheEngineAsAPlainRequest(String bytes) {
    proxy.engine.forget();

    Answer answer = RawHttp.exchange(proxy.node(), bytes);

    assertThat(answer.statuses()).containsExactly(200);
    assertThat(proxy.engine.requests()).containsExactly("GET /version HTTP/1.1");
    assertThat(proxy.engine.everything()).doesNotContainIgnoringCase("upgrade");
  }

  @Test
  void ofTwoRequestsOnAConnectionEachIsJudged() {
    proxy.engine.forget();

    Answer answer =
        RawHttp.exchange(
            proxy.node(),
            String.join(
                "\r\n",
                "GET /version HTTP/1.1",
                "Host: engine",
                "",
                "GET /swarm HTTP/1.1",
                "Host: engine",
                "",
                ""));

    assertThat(answer.statuses()).containsExactly(200, 403);
    assertThat(proxy.engine.requests()).containsExactly("GET /version HTTP/1.1");
  }

  @Test
  void aFilterMayNameAsManyObjectsAsTheInventoryAsksForAtOnce() {
    List<String> ids = IntStream.range(0, 200).mapToObj("%025d"::formatted).toList();
    try (EngineClient client = EngineProxy.client(proxy.manager())) {
      assertThat(client.services(true, Filters.of("id", ids))).isEmpty();
    }
  }

  @Test
  void whatIsRefusedIsLoggedAndWhatIsAnsweredIsNot() {
    RawHttp.send(proxy.node(), "GET", "/v1.41/info");
    RawHttp.send(proxy.node(), "GET", "/secrets?filters=for-the-log");

    await()
        .untilAsserted(
            () ->
                assertThat(proxy.log())
                    .contains("refused engine_node status=403 GET \"/secrets?filters=for-the-log\"")
                    .doesNotContain("/v1.41/info"));
  }

  @Test
  void whoIsRefusedIsToldWhereTheListIs() {
    try (EngineClient client = EngineProxy.client(proxy.node())) {
      EngineException e =
          catchThrowableOfType(EngineException.class, () -> client.createSecret(secret()));

      assertThat(e.status()).isEqualTo(403);
      assertThat(e).hasMessageContaining("POST /v1.41/secrets/create");
      assertThat(e).hasMessageContaining("stack/engine-read.cfg");
      assertThat(e.getMessage()).doesNotContain("c2VjcmV0");
    }
  }

  private static ObjectNode secret() {
    return Json.mapper().createObjectNode().put("Name", "never-made").put("Data", "c2VjcmV0");
  }

  private static void assertPasses(SocketAddress socket, String path, int status) {
    proxy.engine.forget();

    Answer answer = RawHttp.send(socket, "GET", path);

    assertThat(answer.statuses()).as(answer.text()).containsExactly(status);
    assertThat(proxy.engine.requests()).containsExactly("GET " + path + " HTTP/1.1");
  }
}
