package dev.skep.deployer.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.skep.deployer.apply.Applier;
import dev.skep.deployer.apply.ApplyOptions;
import dev.skep.deployer.apply.ApplyResult;
import dev.skep.deployer.apply.ResolveImage;
import dev.skep.deployer.compose.Compose;
import dev.skep.deployer.plan.ImagePins;
import dev.skep.deployer.registry.RegistryCredentials;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.model.Json;
import dev.skep.model.stack.Deployment.Step;
import dev.skep.testing.RequiresCommand;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With {@code --with-registry-auth} services get the credentials that the real client sends. */
@RequiresCommand("docker")
class RegistryAuthComparisonIT {
  private static final String STACK = "dt-auth";
  private static final List<String> SERVICES =
      List.of("hub", "mine", "old", "helped", "token", "unknown");

  /** {@code me:hunter2}, and a password with characters that base64 and base64url write apart. */
  private static final String CONFIG =
      """
      {"auths": {
         "https://index.docker.io/v1/": {"auth": "bWU6aHVudGVyMg=="},
         "r.example:5000": {"username": "me", "password": "\u00fc?>~:x"},
         "https://old.example/v1/": {"auth": "bWU6aHVudGVyMg==", "identitytoken": "it"},
         "helped.example": {}},
       "credHelpers": {"helped.example": "dt-test", "token.example": "dt-test",
         "unknown.example": "dt-test"}}
      """;

  private static final String HELPER =
      """
      #!/bin/sh
      read -r server
      case $server in
        helped.example) echo '{"ServerURL":"helped.example","Username":"you","Secret":"hunter3"}' ;;
        token.example) echo '{"ServerURL":"token.example","Username":"<token>","Secret":"t0ken"}' ;;
        *) echo 'credentials not found in native keychain'; exit 1 ;;
      esac
      """;

  @TempDir Path dir;
  private Map<String, String> env;
  private Map<String, JsonNode> theirs;
  private Map<String, JsonNode> ours;

  @BeforeEach
  void logIn() throws Exception {
    assumeTrue(
        DockerClient.isTheRecorded(),
        "docker's client " + DockerClient.RECORDED + " is not installed");
    Files.writeString(dir.resolve("config.json"), CONFIG);
    Path helper = Files.writeString(dir.resolve("docker-credential-dt-test"), HELPER);
    Files.setPosixFilePermissions(helper, PosixFilePermissions.fromString("rwxr-xr-x"));
    env =
        Map.of(
            "PATH", dir + ":" + System.getenv("PATH"),
            "HOME", dir.toString(),
            "DOCKER_CONFIG", dir.toString());
  }

  private Path file(String value) throws IOException {
    return Files.writeString(
        dir.resolve("stack.yml"),
        """
        x-value: &all {V: "VALUE"}
        services:
          hub: {image: "team/app:1", environment: *all}
          mine: {image: "r.example:5000/a/b@sha256:%s", environment: *all}
          old: {image: "old.example/a", environment: *all}
          helped: {image: "helped.example/a:2", environment: *all}
          token: {image: "token.example/a:2", environment: *all}
          unknown: {image: "unknown.example/a:2", environment: *all}
        """
            .replace("VALUE", value)
            .formatted("0".repeat(64)));
  }

  /** Service to what its header holds; a service without a header is missing. */
  private static Map<String, JsonNode> auths(RecordingEngine engine, String call)
      throws IOException {
    Map<String, JsonNode> auths = new TreeMap<>();
    for (RecordingEngine.Post post : engine.posts()) {
      if (post.path().startsWith("/services/") && post.path().endsWith(call)) {
        String name = post.body().path("Name").asText().substring(STACK.length() + 1);
        if (post.auth() != null) {
          auths.put(name, decoded(post.auth()));
        }
      }
    }
    return auths;
  }

  private static Map<String, JsonNode> decoded(Map<String, String> headers) throws IOException {
    Map<String, JsonNode> decoded = new TreeMap<>();
    for (Map.Entry<String, String> e : headers.entrySet()) {
      if (!e.getValue().isEmpty()) {
        decoded.put(e.getKey(), decoded(e.getValue()));
      }
    }
    return decoded;
  }

  private static JsonNode decoded(String header) throws IOException {
    return Json.mapper().readTree(Base64.getUrlDecoder().decode(header));
  }

  private ApplyResult deploy(RecordingEngine engine, Path file) {
    return deploy(engine, file, ResolveImage.NEVER);
  }

  private ApplyResult deploy(RecordingEngine engine, Path file, ResolveImage resolve) {
    StackObjects objects = Converter.convert(Compose.load(List.of(file), Map.of()), STACK);
    List<String> images = objects.services().stream().map(ImagePins::image).toList();
    Map<String, String> headers = RegistryCredentials.of(env).headers(images);
    try (EngineClient client =
        EngineClient.connect(EngineConfig.of(URI.create(engine.address())))) {
      return new Applier(client)
          .apply(STACK, objects, new ApplyOptions(false, resolve, headers).detached());
    }
  }

  private void deployByCli(RecordingEngine engine, Path file) throws Exception {
    deployByCli(engine, file, List.of("--resolve-image", "never", "--with-registry-auth"));
  }

  private void deployByCli(RecordingEngine engine, Path file, List<String> flags) throws Exception {
    DockerClient.Run run = DockerClient.deploy(engine, STACK, List.of(file), env, flags);
    assertThat(run.exit()).as(run.output()).isZero();
  }

  @Test
  void createAndUpdateCarryWhatTheClientSends() throws Exception {
    try (RecordingEngine cli = new RecordingEngine();
        RecordingEngine skep = new RecordingEngine()) {
      Path first = file("1");
      deployByCli(cli, first);
      theirs = auths(cli, "/create");
      assertThat(deploy(skep, first).error()).isEmpty();
      ours = auths(skep, "/create");
      theSame();

      cli.listServices();
      skep.listServices();
      Path second = file("2");
      deployByCli(cli, second);
      theirs = auths(cli, "/update");
      assertThat(deploy(skep, second).error()).isEmpty();
      ours = auths(skep, "/update");
      theSame();
      // Where there are none to send, the client overwrites those that the service has.
      assertThat(skep.posts())
          .filteredOn(p -> p.auth() == null && p.path().endsWith("/update"))
          .singleElement()
          .satisfies(
              p -> {
                assertThat(p.path()).contains("unknown");
                assertThat(p.query()).contains("registryAuthFrom=spec");
              });
    }
  }

  private void theSame() {
    assertThat(theirs).containsOnlyKeys(SERVICES);
    assertThat(theirs.remove("unknown")).isEqualTo(JsonNodeFactory.instance.objectNode());
    assertThat(ours).isEqualTo(theirs);
  }

  @Test
  void aServiceThatIsAsDesiredGetsTheCredentialsAgain() throws Exception {
    try (RecordingEngine skep = new RecordingEngine()) {
      Path file = file("1");
      deploy(skep, file);
      skep.listServices();

      ApplyResult again = deploy(skep, file);

      assertThat(again.steps())
          .filteredOn(s -> s.kind().equals("service"))
          .extracting(Step::name, Step::action, Step::detail)
          .contains(
              tuple("dt-auth_hub", ApplyResult.UPDATED, "registry credentials"),
              tuple("dt-auth_unknown", ApplyResult.UNCHANGED, ""));
      assertThat(auths(skep, "/update")).containsOnlyKeys("hub", "mine", "old", "helped", "token");
    }
  }

  @Test
  void lookUpsOfDigestsCarryThem() throws Exception {
    try (RecordingEngine cli = new RecordingEngine();
        RecordingEngine skep = new RecordingEngine()) {
      Path file = file("1");
      deployByCli(cli, file, List.of("--with-registry-auth"));
      deploy(skep, file, ResolveImage.ALWAYS);

      Map<String, JsonNode> sent = decoded(skep.lookUps());
      assertThat(sent).hasSize(4);
      assertThat(decoded(cli.lookUps())).containsAllEntriesOf(sent);
    }
  }

  /** The client's habit, which we keep: the flag decides for look-ups, too. */
  @Test
  void withoutTheFlagTheClientSendsNoneAnywhere() throws Exception {
    try (RecordingEngine cli = new RecordingEngine()) {
      deployByCli(cli, file("1"), List.of());

      assertThat(auths(cli, "/create")).isEmpty();
      assertThat(cli.lookUps().values()).hasSizeGreaterThan(4).containsOnly("");
    }
  }
}
