package dev.skep.deployer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.RunningDeployer.Answer;
import dev.skep.deployer.apply.LiveEngine;
import dev.skep.model.access.Role;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.http.Roles;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.StoreCopy;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.WithKafka;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens and their roles at a deployer on a real broker. Its Engine is away. */
@WithKafka
class TokensIT {
  private static final String OWN = "skep";
  private static final String WEB =
      "services: {web: {image: 'haproxy:3.4', deploy: {replicas: 0}}}";

  private final KafkaTest kafka;
  private final PrivateKeyRing keys = PrivateKeyRing.create();
  @TempDir Path dir;
  private URI engine;
  private RunningDeployer deployer;

  TokensIT(KafkaTest kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void start() throws Exception {
    kafka.wipe();
    engine = URI.create("unix://" + dir.resolve("no-engine.sock"));
    deployer = new RunningDeployer(kafka, engine, keys, OWN + "_deployer");
  }

  @AfterEach
  void stop() {
    deployer.close();
  }

  private Answer create(String name, String role) {
    return deployer.post("/api/tokens", "{\"name\":\"%s\",\"role\":\"%s\"}".formatted(name, role));
  }

  private String token(Role role) {
    Answer made = create(role.id() + "-1", role.id());
    assertThat(made.status()).as(made.toString()).isEqualTo(201);
    return made.body().path("token").asText();
  }

  private String body(String stack, String options) {
    return "{\"objects\":%s,\"options\":{\"resolveImage\":\"never\"%s}}"
        .formatted(LiveEngine.objects(dir, stack, WEB).toJson(), options);
  }

  @Test
  void aTokenIsToldOnceAndKeptAsItsHashAlone() throws Exception {
    Answer made = create("ci", "operator");

    String token = made.body().path("token").asText();
    assertThat(token).startsWith("skep_ci_");
    assertThat(made.body().path("createdBy").asText()).isEqualTo("root");
    assertThat(deployer.get("/api/tokens").body().toString())
        .contains("\"name\":\"ci\"", "\"role\":\"operator\"", "\"expired\":false")
        .doesNotContain(token, "hash");
    List<String> kept = new ArrayList<>();
    new StoreCopy(KafkaConfig.of(kafka.bootstrapServers()))
        .read(
            Topics.TOKENS.name(),
            record -> kept.add(new String(Base64.getDecoder().decode(record.value()), UTF_8)));
    assertThat(kept)
        .singleElement()
        .asString()
        .contains("\"name\":\"ci\"")
        .doesNotContain(token.substring(token.length() - 64));
  }

  @Test
  void aTokenWorksFromItsAnswerOnUntilTheAnswerOfItsRevocation() {
    String ci = token(Role.OPERATOR);
    int before = deployer.as(ci, "GET", "/api/deployments/web", "").status();

    Answer revoked = deployer.delete("/api/tokens/operator-1");

    assertThat(before).isEqualTo(200);
    assertThat(revoked.status()).isEqualTo(200);
    assertThat(deployer.as(ci, "GET", "/api/deployments/web", "").status()).isEqualTo(401);
    assertThat(deployer.delete("/api/tokens/operator-1").status()).isEqualTo(404);
    assertThat(create("operator-1", "viewer").status()).isEqualTo(201);
  }

  @Test
  void aTokenIsKnownToADeployerThatWasStartedAfterIt() throws Exception {
    String ci = token(Role.OPERATOR);
    deployer.close();

    deployer = new RunningDeployer(kafka, engine, keys, OWN + "_deployer");

    await().until(() -> deployer.as(ci, "GET", "/api/deployments/web", "").status() == 200);
  }

  @Test
  void aNameIsGivenOnceHoweverManyAskAtATime() throws Exception {
    List<Callable<Answer>> calls = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      calls.add(() -> create("ci", "viewer"));
    }
    List<Integer> statuses = new ArrayList<>();
    try (ExecutorService ten = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : ten.invokeAll(calls)) {
        statuses.add(answer.get().status());
      }
    }

    assertThat(statuses).containsOnlyOnce(201).hasSize(10);
    assertThat(statuses).filteredOn(s -> s == 409).hasSize(9);
  }

  @Test
  void rootIsNotRevokedHereAndNoOtherTokenHasItsName() {
    assertThat(deployer.delete("/api/tokens/root").status()).isEqualTo(409);
    assertThat(create("root", "viewer").status()).isEqualTo(400);
    assertThat(create("ci", "owner").status()).isEqualTo(400);
  }

  @Test
  void everyRouteThatChangesSomethingDeclaresItsRole() {
    assertThat(Roles.undeclared(routes(), List.of(deployer.service())))
        .extracting(Route::getPath)
        .isEmpty();
  }

  /** Each role on each route that is mounted: refused for the role exactly where it lacks it. */
  @Test
  void eachRoleReachesTheRoutesOfItsRole() {
    for (Role role : Role.values()) {
      String token = token(role);
      for (Route route : routes()) {
        if (route.getPath().startsWith("/hooks/")) {
          continue;
        }
        Role needed = Roles.of(route) == null ? Role.VIEWER : Roles.of(route);
        String path = route.getPath().replaceAll(":[a-z]+", "nothing-1");
        for (HttpMethod method : route.methods()) {
          Answer answer = deployer.as(token, method.name(), path, "{}");

          assertThat(answer.status())
              .as("%s %s as %s", method, path, role)
              .matches(s -> s != 401 && (s == 403) != role.covers(needed));
        }
      }
    }
  }

  @Test
  void theSuitesOwnStackIsForAdmins() {
    String operator = token(Role.OPERATOR);

    Answer deploy = deployer.as(operator, "POST", "/api/stacks/skep", body(OWN, ""));
    Answer remove = deployer.as(operator, "DELETE", "/api/stacks/skep", "");
    Answer back = deployer.as(operator, "POST", "/api/stacks/skep/rollback", "");

    assertThat(List.of(deploy, remove, back)).allMatch(a -> a.status() == 403);
    assertThat(deploy.body().path("detail").asText())
        .contains("the suite's own stack 'skep'", "role admin", "'operator-1' has role operator");
    assertThat(deployer.post("/api/stacks/skep", body(OWN, "")).status()).isEqualTo(202);
  }

  @Test
  void whatIsHeldOrCannotBeTakenBackIsForAdmins() {
    String operator = token(Role.OPERATOR);
    String admin = token(Role.ADMIN);
    String held = body("dt-roles", ",\"includeHeld\":true");

    assertThat(deployer.as(operator, "POST", "/api/stacks/dt-roles", held).status()).isEqualTo(403);
    assertThat(deployer.as(operator, "DELETE", "/api/stacks/dt-roles?forget=true", "").status())
        .isEqualTo(403);
    assertThat(deployer.as(admin, "POST", "/api/stacks/dt-roles", held).status()).isEqualTo(202);
    assertThat(deployer.as(admin, "DELETE", "/api/stacks/dt-roles?forget=true", "").status())
        .isEqualTo(202);
  }

  @Test
  void historyTellsWhoAskedAndForWhom() {
    String operator = token(Role.OPERATOR);

    Answer taken =
        deployer.as(
            operator,
            "POST",
            "/api/stacks/dt-roles",
            body("dt-roles", ""),
            "Skep-User",
            "anna@manager-1");

    assertThat(taken.status()).as(taken.toString()).isEqualTo(202);
    await()
        .untilAsserted(
            () -> {
              JsonNode deployments = deployer.get("/api/deployments/dt-roles").body();
              assertThat(deployments.path(0).path("by").asText())
                  .isEqualTo("operator-1 (anna@manager-1)");
            });
  }

  @Test
  void aKeyThatDeployedOneStackDoesNotAnswerForAnotherEvenAfterARestart() throws Exception {
    String[] key = {"Idempotency-Key", "key-1"};
    deployer.post("/api/stacks/dt-roles", body("dt-roles", ""), key);
    await().until(() -> deployer.get("/api/deployments/dt-roles").body().size() == 1);
    deployer.close();
    deployer = new RunningDeployer(kafka, engine, keys, OWN + "_deployer");

    Answer other = deployer.post("/api/stacks/dt-other", body("dt-other", ""), key);
    Answer again = deployer.post("/api/stacks/dt-roles", body("dt-roles", ""), key);

    assertThat(other.status()).isEqualTo(409);
    assertThat(again.status()).isEqualTo(202);
  }

  private List<Route> routes() {
    Router router = Router.router(deployer.platform().vertx());
    deployer.service().mount(router);
    return router.getRoutes();
  }
}
