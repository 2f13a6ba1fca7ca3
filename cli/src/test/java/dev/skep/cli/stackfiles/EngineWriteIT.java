package dev.skep.cli.stackfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.cli.stackfiles.RawHttp.Answer;
import dev.skep.deployer.apply.Applier;
import dev.skep.deployer.apply.ApplyOptions;
import dev.skep.deployer.apply.ApplyResult;
import dev.skep.deployer.apply.ResolveImage;
import dev.skep.deployer.compose.Compose;
import dev.skep.deployer.convert.Converter;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.model.Json;
import dev.skep.model.stack.Deployment.Step;
import dev.skep.testing.RequiresCommand;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the deployer may write, with the deployer's own code. */
@RequiresEngine
@RequiresCommand("docker")
@RequiresImage(EngineProxy.IMAGE)
class EngineWriteIT {
  private static final String STACK = "ew-" + ProcessHandle.current().pid();
  private static final String ID = "abcdefghijklmnopqrstuvwxy";

  /** Larger than a buffer of the proxy. */
  private static final String LARGE = "0123456789abcdef".repeat(20_000);

  @TempDir static Path dir;

  private static EngineProxy proxy;

  @BeforeAll
  static void start() {
    proxy = EngineProxy.write(dir);
  }

  @AfterAll
  static void end() {
    proxy.close();
  }

  @Test
  void allElseIsRefused() {
    int refused =
        RefusedRequests.checkAll(
            "refused-deployer.txt", proxy.deployer(), proxy.engine, "stack/engine-write.cfg");

    assertThat(refused).isGreaterThan(100);
  }

  @Test
  void aStackIsMadeChangedAndTakenAway() throws IOException {
    ApplyOptions options = new ApplyOptions(true, ResolveImage.ALWAYS, Map.of());
    try (EngineClient client = EngineProxy.client(proxy.deployer())) {
      Applier applier = new Applier(client);
      try {
        assertThat(actions(applier.apply(STACK, objects("one", LARGE), options)))
            .containsOnly(ApplyResult.CREATED);
        // The secret's content is another: a second one is made, and the first is let go of.
        assertThat(actions(applier.apply(STACK, objects("two", LARGE + "+"), options)))
            .contains(ApplyResult.UPDATED, ApplyResult.CREATED);
        assertThat(applier.differing(STACK, objects("two", LARGE + "+"))).isEmpty();
      } finally {
        assertThat(actions(applier.remove(STACK, step -> {}))).containsOnly(ApplyResult.REMOVED);
      }
    }
  }

  /** No registry is in reach here: the Engine says so, not the proxy. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "haproxy:3.4",
        "registry.invalid:5000/some.name/of_an-image:1.2",
        "some/image:1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      })
  void aRegistryMayBeAskedForAnyImage(String image) {
    try (EngineClient client = EngineProxy.client(proxy.deployer())) {
      proxy.engine.forget();

      EngineException e =
          catchThrowableOfType(
              EngineException.class, () -> client.inspectDistribution(image, null));

      assertThat(e.reason()).doesNotContain("proxy before the Engine");
      assertThat(proxy.engine.requests()).anyMatch(line -> line.contains("/distribution/"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /_ping",
        "GET /v1.41/version",
        "GET /v1.41/services?status=true",
        "GET /v1.41/services/" + ID,
        "GET /v1.41/tasks?filters=%7B%7D",
        "GET /v1.41/tasks/" + ID + "/logs?stdout=true&stderr=true&details=true&tail=5",
        "GET /v1.41/networks?filters=%7B%7D",
        "GET /v1.41/secrets",
        "GET /v1.41/configs",
        "DELETE /v1.41/services/" + ID,
        "DELETE /v1.41/networks/" + ID,
        "DELETE /v1.41/secrets/" + ID,
        "DELETE /v1.41/configs/" + ID,
        "POST /v1.41/services/" + ID + "/update?version=1&registryAuthFrom=spec",
        "POST /v1.41/services/" + ID + "/update?version=1&rollback=previous",
        "POST /v1.41/secrets/" + ID + "/update?version=1",
        "POST /v1.41/configs/" + ID + "/update?version=1"
      })
  void theDeployersCallsPass(String call) {
    proxy.engine.forget();

    Answer answer =
        RawHttp.send(
            proxy.deployer(),
            call.substring(0, call.indexOf(' ')),
            call.substring(call.indexOf(' ') + 1));

    assertThat(answer.text()).doesNotContain("refused by the proxy");
    assertThat(proxy.engine.requests()).containsExactly(call + " HTTP/1.1");
  }

  @Test
  void aBodyOfFiveMebibytesPasses() {
    String body = "{\"Name\":\"\",\"x\":\"" + "x".repeat(5 * 1024 * 1024 - 18) + "\"}";
    proxy.engine.forget();

    Answer answer =
        RawHttp.exchange(
            proxy.deployer(),
            "POST /v1.41/configs/create HTTP/1.1\r\nHost: engine\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body);

    // The Engine's own word: a config must have a name.
    assertThat(answer.statuses()).as(answer.text()).containsExactly(400);
    assertThat(proxy.engine.everything()).hasSizeGreaterThan(5 * 1024 * 1024);
  }

  @Test
  void nothingOfWhatIsWrittenIsLogged() {
    RawHttp.send(proxy.deployer(), "GET", "/v1.41/swarm?filters=x");
    try (EngineClient client = EngineProxy.client(proxy.deployer())) {
      assertThatThrownBy(() -> client.createSecret(nameless(LARGE)))
          .isInstanceOf(EngineException.class);
    }

    assertThat(proxy.log())
        .contains("refused engine_deployer from=", "GET \"/v1.41/swarm?filters=x\" not-listed")
        .doesNotContain("0123456789abcdef0123456789abcdef", "/secrets/create");
  }

  private static ObjectNode nameless(String data) {
    return Json.mapper().createObjectNode().put("Name", "").put("Data", data);
  }

  private static List<String> actions(ApplyResult result) {
    assertThat(result.failed()).as(result.error()).isFalse();
    return result.steps().stream().map(Step::action).toList();
  }

  private static StackObjects objects(String label, String secret) throws IOException {
    Files.writeString(dir.resolve("secret.txt"), secret);
    Path file =
        Files.writeString(
            dir.resolve("stack.yml"),
            """
            services:
              web:
                image: haproxy:3.4
                command: sleep 1000
                networks: [inside]
                secrets: [s]
                configs: [{source: c, target: /c}]
                deploy: {replicas: 0, labels: {l: LABEL}}
            networks: {inside: {}}
            secrets: {s: {file: ./secret.txt}}
            configs: {c: {file: ./secret.txt}}
            """
                .replace("LABEL", label));
    return Converter.convert(Compose.load(List.of(file), Map.of()), STACK);
  }
}
