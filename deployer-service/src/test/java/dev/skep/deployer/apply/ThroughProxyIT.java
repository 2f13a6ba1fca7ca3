package dev.skep.deployer.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.convert.Namespace;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.engine.EngineException;
import dev.skep.engine.Query;
import dev.skep.model.Json;
import dev.skep.model.stack.Deployment.Step;
import dev.skep.testing.RequiresCommand;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What stack/engine-write.cfg lets through is all that the deployer needs. */
@RequiresEngine
@RequiresCommand("docker")
@RequiresImage("haproxy:3.4")
class ThroughProxyIT {
  private static final String STACK = "dt-proxy";
  private static final String NAME = "dt-engine-write";
  private static final Path ALLOWED =
      Path.of(System.getProperty("skep.root"), "stack/engine-write.cfg");

  /** _V marks the version of all, _F the file with the contents. */
  private static final String YAML =
      """
      services:
        web:
          image: haproxy:3.4
          entrypoint: [sleep, "1000"]
          stop_grace_period: 0s
          environment: {VERSION: "_V"}
          configs: [c]
          secrets: [s]
          networks: [host]
        last: {image: "127.0.0.1:9/none:_V", deploy: {replicas: 0, labels: {dev.skep.update: last}}}
        held: {image: "haproxy:3.4", deploy: {replicas: 0, labels: {dev.skep.update: manual, v: "_V"}}}
      networks: {host: {external: true}}
      configs: {c: {file: _F.txt, labels: {v: "_V"}}}
      secrets: {s: {file: _F.txt}}
      """;

  @RegisterExtension final LiveEngine engine = new LiveEngine();
  @TempDir Path dir;
  private EngineClient proxied;

  @BeforeEach
  void startProxy() throws Exception {
    docker("rm", "--force", NAME);
    docker("network", "rm", NAME);
    docker("network", "create", NAME);
    docker(
        "run",
        "--detach",
        "--name=" + NAME,
        "--network=" + NAME,
        "--user=0:0",
        "--cap-drop=ALL",
        "--publish=127.0.0.1::2375",
        "--volume=/var/run/docker.sock:/var/run/docker.sock",
        "--volume=" + ALLOWED + ":/usr/local/etc/haproxy/haproxy.cfg:ro",
        "haproxy:3.4");
    String port = docker("port", NAME, "2375").replaceAll("(?s).*127\\.0\\.0\\.1:(\\d+).*", "$1");
    proxied = EngineClient.connect(EngineConfig.of(URI.create("tcp://127.0.0.1:" + port)));
    Awaitility.await("the proxy").ignoreExceptions().until(() -> proxied.version().has("Version"));
    for (String content : List.of("one", "two")) {
      Files.writeString(dir.resolve(content + ".txt"), content);
    }
  }

  @AfterEach
  void stopProxy() throws Exception {
    proxied.close();
    docker("rm", "--force", NAME);
    docker("network", "rm", NAME);
  }

  private StackObjects objects(String version, String content) {
    return LiveEngine.objects(dir, STACK, YAML.replace("_V", version).replace("_F", content));
  }

  private ApplyResult apply(StackObjects objects, boolean all) {
    ApplyOptions options = ApplyOptions.defaults().includingHeld(all).detached();
    ApplyResult result = new Applier(proxied).apply(STACK, objects, options);
    assertThat(result.error()).isEmpty();
    assertThat(result.warnings())
        .as("registries are out of reach, not refused")
        .allMatch(w -> w.contains("could not be resolved"))
        .noneMatch(w -> w.contains("refused by the proxy"));
    return result;
  }

  private static List<String> lines(ApplyResult result) {
    return result.steps().stream().map(s -> s.action() + " " + s.kind() + " " + s.name()).toList();
  }

  @Test
  void everyStepOfADeploymentPassesTheProxy() {
    // One of which nobody can say what is in it: only trying an update tells.
    ObjectNode secret = Json.mapper().createObjectNode().put("Name", "dt-proxy_s");
    secret.putObject("Labels").put(Namespace.LABEL, STACK);
    secret.put(
        "Data",
        java.util.Base64.getEncoder().encodeToString("one".getBytes(StandardCharsets.UTF_8)));
    engine.client().createSecret(secret);

    assertThat(apply(objects("1", "one"), false).steps())
        .contains(new Step("secret", "dt-proxy_s", "unchanged", "adopted"))
        .contains(new Step("service", "dt-proxy_web", "created", ""));
    assertThat(lines(apply(objects("1", "one"), false))).allMatch(l -> l.startsWith("unchanged"));
    assertThat(lines(apply(objects("2", "one"), false)))
        .contains(
            "updated config dt-proxy_c",
            "updated service dt-proxy_last",
            "held service dt-proxy_held");
    assertThat(lines(apply(objects("2", "two"), true)))
        .contains(
            "created secret dt-proxy_s",
            "created config dt-proxy_c",
            "updated service dt-proxy_held");
    assertThat(new Applier(proxied).differing(STACK, objects("2", "two"))).isEmpty();
    JsonNode live = engine.service("dt-proxy_web");
    assertThat(proxied.service(live.path("ID").asText()).path("Spec")).isEqualTo(live.path("Spec"));

    ApplyResult removed = new Applier(proxied).remove(STACK, step -> {});

    assertThat(removed.error()).isEmpty();
    assertThat(engine.versions(STACK)).isEmpty();
  }

  @Test
  void networksAreMadeAndTakenAway() {
    StackObjects objects =
        LiveEngine.objects(
            dir, STACK, "services: {web: {image: 'haproxy:3.4', deploy: {replicas: 0}}}");
    assertThat(apply(objects, false).steps())
        .contains(new Step("network", "dt-proxy_default", "created", ""));

    assertThat(new Applier(proxied).remove(STACK, step -> {}).error()).isEmpty();

    assertThat(engine.versions(STACK)).isEmpty();
  }

  @Test
  void servicesAreWatchedAndTheLastLinesOfATaskReadThroughTheProxy() {
    StackObjects objects =
        LiveEngine.objects(
            dir,
            STACK,
            """
            services:
              web:
                image: haproxy:3.4
                entrypoint: [sh, -c, "echo no such table; exit 3"]
                networks: [host]
                deploy: {restart_policy: {delay: 0s}}
            networks: {host: {external: true}}
            """);

    ApplyResult result =
        new Applier(proxied)
            .apply(
                STACK, objects, LiveEngine.OPTIONS.with(new Waiting(true, Duration.ofMinutes(2))));

    assertThat(result.error())
        .contains("dt-proxy_web.1 has failed 3 times", "exit code 3", "| no such table");
  }

  @Test
  void whatIsRefusedNamesTheProxyAndItsList() {
    EngineException e =
        catchThrowableOfType(
            EngineException.class, () -> proxied.get("/containers/json", Query.none()));

    assertThat(e.status()).isEqualTo(403);
    assertThat(e.getMessage())
        .contains("the proxy before the Engine answered 403", "/containers/json")
        .contains("stack/engine-write.cfg");
  }

  private static String docker(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0 && !command.contains("rm")) {
      throw new IllegalStateException(output);
    }
    return output;
  }
}
