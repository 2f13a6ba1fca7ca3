package dev.skep.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.testing.RequiresCommand;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import dev.skep.testing.Shell;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What a user sees after one {@code up --demo}, in the order in which a user would try it. */
@RequiresEngine
@RequiresImage("haproxy:3.4")
@RequiresCommand("curl")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FirstLightIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static Suite suite;
  private static String upOutput;

  @BeforeAll
  static void up() throws Exception {
    suite = new Suite();
    upOutput = suite.up("--demo");
  }

  @AfterAll
  static void down() throws Exception {
    suite.close();
  }

  @Test
  @Order(1)
  void theSummaryNamesWhatAUserNeeds() {
    assertThat(upOutput)
        .contains("http://localhost:" + suite.apiPort)
        .contains(suite.state().token().toString())
        .contains(suite.state().ca().toString())
        .contains("./skep down")
        .doesNotContain(suite.state().tokenValue());
  }

  @Test
  @Order(2)
  void theDemoAnswersOverHttpsFromAllThreeReplicas() throws Exception {
    await().atMost(SOON).until(() -> hostnames(30).size() == 3);
  }

  @Test
  @Order(3)
  void plainHttpIsRedirected() throws Exception {
    String answer = suite.plain("whoami.localhost", "/x?y=1");

    assertThat(answer).containsPattern("^HTTP/1.1 30[18]");
    assertThat(answer.toLowerCase(java.util.Locale.ROOT))
        .contains("location: https://whoami.localhost")
        .contains("/x?y=1");
  }

  @Test
  @Order(4)
  void metricsAreServedWithoutATokenAndTheApiOnlyWithOne() throws Exception {
    assertThat(suite.get("/metrics", null).body())
        .contains("skep_node_info{")
        .contains("skep_service_tasks_desired{")
        .contains("skep_service_tasks_running{")
        .contains("skep_certificate_not_after_timestamp_seconds{")
        .contains("skep_edge_routes{");
    for (String path : List.of("nodes", "services", "tasks", "routes", "certificates", "stacks")) {
      assertThat(suite.get("/api/" + path, null).statusCode()).isEqualTo(401);
      assertThat(suite.get("/api/" + path, "wrong").statusCode()).isEqualTo(401);
      assertThat(suite.api("/api/" + path).isEmpty()).isFalse();
    }
    assertThat(suite.get("/", null).statusCode()).isBetween(200, 399);
  }

  @Test
  @Order(5)
  void scalingUpIsFollowedWithoutARestartOfTheProxy() throws Exception {
    String before = proxyContainer();

    Shell.ok("docker", "service", "scale", "-d", "demo_whoami=5");

    await().atMost(SOON).until(() -> hostnames(40).size() == 5);
    assertThat(proxyContainer()).isEqualTo(before);
  }

  @Test
  @Order(6)
  void aNewHostRuleIsServedWithACertificateOfItsOwn() throws Exception {
    Shell.ok(
        "docker",
        "service",
        "update",
        "-d",
        "--label-add",
        "traefik.http.routers.hello.rule=Host(`hello.localhost`)",
        "--label-add",
        "traefik.http.routers.hello.entrypoints=websecure",
        "--label-add",
        "traefik.http.routers.hello.service=whoami",
        "--label-add",
        "traefik.http.routers.hello.tls=true",
        "demo_whoami");

    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(suite.curl("hello.localhost", "/").output())
                    .contains("Hostname: ")
                    .contains("status=200"));
  }

  @Test
  @Order(7)
  void aBadLabelIsSaidAndHarmsNobody() throws Exception {
    Shell.ok(
        "docker",
        "service",
        "update",
        "-d",
        "--label-add",
        "traefik.http.routers.broken.rule=Host(`broken.localhost`",
        "--label-add",
        "traefik.http.routers.broken.service=whoami",
        "demo_whoami");

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              JsonNode broken = route("broken");
              assertThat(broken.at("/conditions/0/status").asText()).isEqualTo("FALSE");
              assertThat(broken.at("/conditions/0/message").asText()).isNotBlank();
            });
    assertThat(suite.curl("whoami.localhost", "/").output()).contains("status=200");
    assertThat(suite.curl("hello.localhost", "/").output()).contains("status=200");
  }

  @Test
  @Order(8)
  void afterKillMinusNineTheEdgeServesOnAndUpResumes() throws Exception {
    String fingerprint = fingerprint();
    suite.state().current().orElseThrow().process().orElseThrow().destroyForcibly();
    await().atMost(SOON).until(() -> suite.state().current().isEmpty());
    String whileDown = suite.curl("whoami.localhost", "/").output();

    suite.up();

    assertThat(whileDown).contains("status=200");
    assertThat(suite.curl("whoami.localhost", "/").output()).contains("status=200");
    await().atMost(SOON).untilAsserted(() -> assertThat(fingerprint()).isEqualTo(fingerprint));
    // Other services may come and go on the same Engine.
    assertThat(names("/api/services")).containsOnlyOnce("demo_whoami", "skep-haproxy");
    assertThat(names("/api/stacks")).containsOnlyOnce("demo");
  }

  @Test
  @Order(9)
  void statusTellsEveryPart() throws Exception {
    Shell.Result text = suite.skep("status");
    Shell.Result json = suite.skep("status", "--json");

    assertThat(text.output()).contains("skep is ready").contains("inventory").contains("edge");
    assertThat(text.exit()).isZero();
    assertThat(json.output()).contains("\"state\" : \"ready\"");
  }

  @Test
  @Order(10)
  void anEmptyStoreIsRefusedUntilAdopted() throws Exception {
    suite.state().current().orElseThrow().process().orElseThrow().destroyForcibly();
    await().atMost(SOON).until(() -> suite.state().current().isEmpty());
    Shell.ok("rm", "-rf", suite.stateDir.toString());

    Shell.Result up = suite.tryUp();

    assertThat(up.output()).contains("skep adopt");
    assertThat(suite.plain("whoami.localhost", "/")).containsPattern("^HTTP/1.1 30[18]");
    JsonNode condition = edgeCondition("StoreKnown");
    assertThat(condition.path("status").asText()).isEqualTo("FALSE");
    assertThat(suite.skep("adopt").exit()).isZero();
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(edgeCondition("StoreKnown").path("status").asText()).isEqualTo("TRUE"));
    suite.up();
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(suite.curl("whoami.localhost", "/").output()).contains("status=200"));
  }

  @Test
  @Order(11)
  void aRemovedServiceIsServedNoMore() throws Exception {
    Shell.ok("docker", "service", "rm", "demo_whoami");

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(suite.plain("whoami.localhost", "/")).startsWith("HTTP/1.1 404"));
  }

  @Test
  @Order(12)
  void downRemovesWhatUpMadeAndNothingElse() throws Exception {
    Shell.ok(
        "docker",
        "service",
        "create",
        "-d",
        "--name",
        "e2e-stranger",
        "--replicas",
        "0",
        "haproxy:3.4");
    try {
      Shell.Result down = suite.skep("down", "--purge");

      assertThat(down.exit()).isZero();
      String services = Shell.ok("docker", "service", "ls", "--format", "{{.Name}}");
      assertThat(services).contains("e2e-stranger").doesNotContain("skep-haproxy");
      assertThat(Shell.ok("docker", "network", "ls", "--format", "{{.Name}}"))
          .doesNotContain("skep-edge");
      assertThat(Files.exists(suite.stateDir)).isFalse();
      assertThat(Files.exists(suite.edgeDir)).isFalse();
    } finally {
      Shell.ok("docker", "service", "rm", "e2e-stranger");
    }
  }

  private static Set<String> hostnames(int requests) throws Exception {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < requests; i++) {
      suite
          .curl("whoami.localhost", "/")
          .output()
          .lines()
          .filter(line -> line.startsWith("Hostname: "))
          .forEach(names::add);
    }
    return names;
  }

  private static String proxyContainer() throws Exception {
    return Shell.ok(
        "docker", "ps", "-q", "--filter", "label=com.docker.swarm.service.name=skep-haproxy");
  }

  private static String fingerprint() throws Exception {
    return suite.api("/api/certificates/whoami.localhost").path("fingerprint").asText();
  }

  private static List<String> names(String path) throws Exception {
    List<String> names = new ArrayList<>();
    suite.api(path).forEach(each -> names.add(each.path("name").asText()));
    return names;
  }

  private static JsonNode route(String id) throws Exception {
    return suite.api("/api/routes/" + id);
  }

  private static JsonNode edgeCondition(String type) throws Exception {
    for (JsonNode condition : suite.api("/api/edges").get(0).path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition;
      }
    }
    throw new AssertionError("no condition " + type);
  }
}
