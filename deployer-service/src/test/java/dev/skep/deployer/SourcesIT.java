package dev.skep.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.RunningDeployer.Answer;
import dev.skep.deployer.apply.LiveEngine;
import dev.skep.deployer.source.git.TestRepository;
import dev.skep.deployer.source.secret.TestAge;
import dev.skep.deployer.source.status.RecordingHost;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.testing.KafkaTest;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.WithKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** From a push to the Engine: repositories by path, a real broker and a real Engine. */
@RequiresEngine
@WithKafka
class SourcesIT {
  private static final String WEB =
      "services: {web: {image: 'haproxy:3.4', deploy: {replicas: 0, labels: {l: \"%s\"}}}}";
  private static final String SECRET = "the secret of webhooks";

  private final KafkaTest kafka;
  private final PrivateKeyRing keys = PrivateKeyRing.create();
  @RegisterExtension final LiveEngine engine = new LiveEngine();
  @TempDir Path dir;
  private TestRepository shop;
  private RunningDeployer deployer;

  SourcesIT(KafkaTest kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void start() throws Exception {
    kafka.wipe();
    shop = new TestRepository(dir.resolve("shop.git"));
    Files.writeString(dir.resolve("hook"), SECRET + "\n");
    Files.writeString(dir.resolve("label"), "declared\n");
  }

  @AfterEach
  void stop() {
    if (deployer != null) {
      deployer.close();
    }
    shop.close();
  }

  private void run(String more) throws Exception {
    Path sources = dir.resolve("sources.yml");
    Files.writeString(
        sources,
        """
        sources:
          shop:
            url: %1$s/shop.git
            branch: main
            poll: 1h
            resolveImage: never
            variables: {LABEL: {valueFile: %1$s/label}}
            webhook: {secretFile: %1$s/hook}
        %2$s
        """
            .formatted(dir, more.indent(4)));
    deployer = new RunningDeployer(kafka, engine.address(), keys, "", sources.toString());
  }

  @Test
  void aPushIsAppliedAsSoonAsAWebhookTellsOfIt() throws Exception {
    shop.file("stacks/dt-shop/compose.yml", WEB.formatted("${LABEL}")).commit("main");
    run("");
    awaitApplied("shop");
    assertThat(label("dt-shop_web")).isEqualTo("declared");

    String commit = shop.file("stacks/dt-shop/compose.yml", WEB.formatted("pushed")).commit("main");
    Answer answer = hook("{\"ref\":\"refs/heads/main\"}", SECRET);

    assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
    await().atMost(Duration.ofSeconds(20)).until(() -> label("dt-shop_web"), "pushed"::equals);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> source("shop").path("appliedCommit").asText(), commit::equals);
    JsonNode deployments = deployer.get("/api/deployments/dt-shop").body();
    assertThat(deployments)
        .extracting(d -> d.path("by").asText())
        .containsExactly("git:shop", "git:shop");
    JsonNode from = deployer.get("/api/stacks/dt-shop/revisions").body().at("/0/source");
    assertThat(from.path("commit").asText()).isEqualTo(commit);
    assertThat(from.path("repository").asText()).isEqualTo(dir + "/shop.git");
    assertThat(from.path("files").path(0).asText()).isEqualTo("stacks/dt-shop/compose.yml");
  }

  @Test
  void aSecretThatAgeEncryptedReachesItsServiceAndNothingElse() throws Exception {
    Files.writeString(dir.resolve("age"), "# of tests\n" + TestAge.ONE_KEY + "\n");
    byte[] encrypted = TestAge.binary("hunter2\n".getBytes(StandardCharsets.UTF_8), TestAge.ONE);
    shop.file(
            "stacks/dt-git2/compose.yml",
            """
            services:
              web:
                image: haproxy:3.4
                entrypoint: [sh, -c, 'grep -qx h[u]nter2 /run/secrets/pw && exec sleep 600']
                stop_grace_period: 0s
                secrets: [pw]
                deploy: {restart_policy: {condition: none}}
            secrets: {pw: {file: pw.txt}}
            """)
        .file("stacks/dt-git2/pw.txt.age", encrypted)
        .file("stacks/dt-git3/compose.yml", "services: {web: {image: x, env_file: e.age}}")
        .file(
            "stacks/dt-git3/e.age",
            TestAge.binary("no name=hunter2".getBytes(StandardCharsets.UTF_8), TestAge.TWO))
        .commit("main");

    try (LogRecords logs = LogRecords.begin()) {
      run("ageKeyFile: %s/age".formatted(dir));

      // The container ends at once if it finds anything else, and the deployment then fails.
      await("dt-git2")
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(source("shop").at("/stacks"))
                      .extracting(s -> s.path("name").asText() + " " + s.path("state").asText())
                      .containsExactlyInAnyOrder("dt-git2 applied", "dt-git3 refused"));
      assertThat(source("shop").toString())
          .contains("'stacks/dt-git3/e.age' is not encrypted to an identity")
          .doesNotContain("hunter2");
      assertThat(deployer.get("/api/stacks/dt-git2/revisions/1").body().toString())
          .contains("dt-git2_pw")
          .doesNotContain("hunter2", "aHVudGVyMg");
      assertThat(deployer.get("/api/deployments/dt-git2").body().toString())
          .doesNotContain("hunter2");
      assertThat(logs.text()).contains("Stack of a source is not applied");
      assertThat(logs.text() + TopicBytes.read(kafka))
          .doesNotContain("hunter2", "aHVudGVyMg", TestAge.ONE_KEY);
    }
  }

  @Test
  void theHostIsToldWhatBecameOfEachStackOfACommit() throws Exception {
    Files.writeString(dir.resolve("token"), "gitea-hunter2\n");
    String commit =
        shop.file("stacks/dt-shop/compose.yml", WEB.formatted("a"))
            .file("stacks/dt-evil/compose.yml", "services: {web: {image: x, cap_add: [ALL]}}")
            .commit("main");
    try (RecordingHost host = new RecordingHost()) {
      host.answers(502, "", Map.of());
      run(
          "status: {provider: gitea, api: '%s/api/v1', project: team/shop, tokenFile: %s/token}"
              .formatted(host.url(), dir));
      awaitSource("shop", "degraded");
      await("a report").atMost(Duration.ofSeconds(20)).until(() -> !host.asked().isEmpty());
      await("the failure to report")
          .atMost(Duration.ofSeconds(20))
          .until(() -> source("shop").path("reporting").asText().contains("answers 502"));
      host.answers(201, "{}", Map.of());

      await("the statuses")
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(host.asked())
                      .extracting(
                          a ->
                              a.body().path("context").asText()
                                  + " "
                                  + a.body().path("state").asText())
                      .contains("skep/dt-shop success", "skep/dt-evil error"));

      assertThat(host.asked())
          .extracting(RecordingHost.Asked::path)
          .containsOnly("/api/v1/repos/team/shop/statuses/" + commit);
      await("no failure")
          .atMost(Duration.ofSeconds(20))
          .until(() -> source("shop").path("reporting").asText("none").isEmpty());
      assertThat(source("shop").toString()).doesNotContain("gitea-hunter2");
    }
  }

  @Test
  void whatIsDeclaredMayChangeWhileItRuns() throws Exception {
    shop.file("stacks/dt-shop/compose.yml", WEB.formatted("a")).commit("main");
    try (TestRepository bank = new TestRepository(dir.resolve("bank.git"))) {
      bank.file("stacks/dt-bank/compose.yml", WEB.formatted("b")).commit("main");
      run("");
      awaitApplied("shop");
      Path sources = dir.resolve("sources.yml");
      String first = Files.readString(sources);

      Files.writeString(sources, first + "  bank: {url: %s/bank.git}\n".formatted(dir));
      await("bank")
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(label("dt-bank_web")).isEqualTo("b"));
      Files.writeString(sources, "sources: [");
      await("the problem")
          .atMost(Duration.ofSeconds(30))
          .until(() -> deployer.get("/api/sources").body().path("problems").size() > 0);
      awaitApplied("bank");
      Files.writeString(sources, first);

      await("bank is gone")
          .atMost(Duration.ofSeconds(30))
          .until(() -> deployer.get("/api/sources").body().path("sources").size() == 1);
      assertThat(label("dt-bank_web")).isEqualTo("b");
      assertThat(deployer.get("/api/deployments/dt-shop").body()).hasSize(1);
    }
  }

  @Test
  void aRestartDoesNothingTwice() throws Exception {
    shop.file("stacks/dt-shop/compose.yml", WEB.formatted("one")).commit("main");
    run("");
    awaitApplied("shop");
    deployer.close();

    run("");
    awaitApplied("shop");

    assertThat(deployer.get("/api/deployments/dt-shop").body()).hasSize(1);
  }

  @Test
  void aForcedPushBackIsAppliedOnce() throws Exception {
    String good = shop.file("stacks/dt-shop/compose.yml", WEB.formatted("good")).commit("main");
    run("");
    awaitApplied("shop");
    String bad = shop.file("stacks/dt-shop/compose.yml", WEB.formatted("bad")).commit("main");
    hook("bad", SECRET);
    awaitApplied(bad, "bad");

    shop.move("main", good);
    hook("back", SECRET);

    awaitApplied(good, "good");
    assertThat(deployer.get("/api/deployments/dt-shop").body()).hasSize(3);
    deployer.close();
    run("");
    awaitApplied(good, "good");
    assertThat(deployer.get("/api/deployments/dt-shop").body()).hasSize(3);
  }

  private void awaitApplied(String commit, String label) {
    await(label)
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              assertThat(source("shop").path("appliedCommit").asText()).isEqualTo(commit);
              assertThat(label("dt-shop_web")).isEqualTo(label);
            });
  }

  @Test
  void aRepositoryThatIsWrongDoesNotTouchAnother() throws Exception {
    shop.file("stacks/dt-shop/compose.yml", WEB.formatted("good"))
        .file(
            "stacks/dt-evil/compose.yml",
            "services: {web: {image: x, volumes: ['/var/run/docker.sock:/s']}}")
        .link("stacks/dt-link/compose.yml", "/etc/passwd")
        .commit("main");
    try (TestRepository bad = new TestRepository(dir.resolve("bad.git"))) {
      bad.file("stacks/dt-shop/compose.yml", WEB.formatted("stolen"))
          .file("stacks/dt-bad/compose.yml", "services: [")
          .commit("main");
      run("");
      awaitSource("shop", "degraded");
      deployer.close();
      Path sources = dir.resolve("sources.yml");
      Files.writeString(
          sources,
          Files.readString(sources)
              + "  bad: {url: %1$s/bad.git}\n  gone: {url: %1$s/gone.git}\n  worse: {ulr: x}\n"
                  .formatted(dir));
      deployer = new RunningDeployer(kafka, engine.address(), keys, "", sources.toString());
      awaitSource("shop", "degraded");
      awaitSource("bad", "degraded");
      awaitSource("gone", "failing");
    }

    JsonNode good = source("shop");
    assertThat(good.at("/stacks"))
        .extracting(s -> s.path("name").asText() + " " + s.path("state").asText())
        .containsExactlyInAnyOrder("dt-shop applied", "dt-evil refused", "dt-link refused");
    assertThat(good.toString()).contains("leads to the Engine's socket", "leads out of");
    assertThat(source("bad").at("/stacks"))
        .extracting(s -> s.path("name").asText() + " " + s.path("state").asText())
        .containsExactlyInAnyOrder("dt-shop refused", "dt-bad refused");
    assertThat(source("bad").toString()).contains("deployed by 'git:shop'");
    assertThat(source("worse").path("state").asText()).isEqualTo("broken");
    assertThat(label("dt-shop_web")).isEqualTo("good");
    assertThat(engine.versions("dt-evil")).isEmpty();
    assertThat(engine.versions("dt-bad")).isEmpty();
  }

  @Test
  void whatBelongsToAStackThatOthersDeployedIsNotTheSources() throws Exception {
    engine
        .applier()
        .apply(
            "dt-shop_admin",
            LiveEngine.objects(
                dir,
                "dt-shop_admin",
                "services: {db: {image: x, networks: [host], deploy: {replicas: 0}}}\n"
                    + "networks: {host: {external: true}}"),
            LiveEngine.OPTIONS,
            Set.of(),
            step -> {});
    shop.file(
            "stacks/dt-shop/compose.yml",
            "services: {web: {image: x, volumes: ['data:/d']}}\n"
                + "volumes: {data: {name: dt-shop_admin_data}}")
        .commit("main");
    run("");

    awaitSource("shop", "degraded");

    assertThat(source("shop").at("/stacks/0").toString())
        .contains("refused", "dt-shop_admin_data", "is not the stack's own");
    assertThat(engine.versions("dt-shop")).isEmpty();
  }

  @Test
  void aStackThatIsGoneIsRemovedOnlyWhereThatIsDeclared() throws Exception {
    shop.file("stacks/dt-shop/compose.yml", WEB.formatted("a"))
        .file("stacks/dt-old/compose.yml", WEB.formatted("b"))
        .commit("main");
    run("prune: false");
    awaitApplied("shop");
    String commit = shop.remove("stacks/dt-old/compose.yml").commit("main");
    hook("gone", SECRET);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> source("shop").path("seenCommit").asText(), commit::equals);
    assertThat(source("shop").toString()).contains("'prune: true' would remove it");
    assertThat(engine.versions("dt-old")).isNotEmpty();
    deployer.close();

    run("prune: true");

    await().atMost(Duration.ofSeconds(30)).until(() -> engine.versions("dt-old").isEmpty());
    assertThat(engine.versions("dt-shop")).isNotEmpty();
  }

  @Test
  void aWebhookMustBeSignedAndIsTakenOnce() throws Exception {
    shop.file("stacks/dt-shop/compose.yml", WEB.formatted("a")).commit("main");
    run("");

    assertThat(hook("{}", "another secret").status()).isEqualTo(401);
    assertThat(deployer.postWithoutToken("/hooks/git/shop", "{}").status()).isEqualTo(401);
    assertThat(deployer.postWithoutToken("/hooks/git/none", "{}").status()).isEqualTo(404);
    assertThat(hook("{}", SECRET).status()).isEqualTo(202);
    assertThat(hook("{}", SECRET).status()).isEqualTo(409);
    assertThat(hook("x".repeat(1024 * 1024 + 1), SECRET).status()).isEqualTo(413);
    assertThat(deployer.postWithoutToken("/api/sources", "{}").status()).isEqualTo(401);
  }

  private Answer hook(String body, String secret) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    String signature = HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    return deployer.postWithoutToken(
        "/hooks/git/shop", body, "X-Hub-Signature-256", "sha256=" + signature);
  }

  private String label(String service) {
    return engine.spec(service).path("Labels").path("l").asText();
  }

  private JsonNode source(String name) {
    for (JsonNode source : deployer.get("/api/sources").body().path("sources")) {
      if (source.path("name").asText().equals(name)) {
        return source;
      }
    }
    throw new AssertionError("no source " + name);
  }

  private void awaitSource(String name, String state) {
    await("source " + name)
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              JsonNode source = source(name);
              assertThat(source.path("state").asText()).isEqualTo(state);
              assertThat(source.toString()).doesNotContain("pending", "running");
            });
  }

  private void awaitApplied(String name) {
    await("source " + name)
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(source(name).path("appliedCommit").asText(""))
                    .as(source(name).toString())
                    .isNotEmpty()
                    .isEqualTo(source(name).path("seenCommit").asText()));
  }
}
