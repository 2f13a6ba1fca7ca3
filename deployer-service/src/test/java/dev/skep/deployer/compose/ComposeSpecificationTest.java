package dev.skep.deployer.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.skep.deployer.compose.Dependency.Condition;
import dev.skep.deployer.compose.Value.Fields;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the Compose Specification has and {@code docker stack deploy} refuses. */
class ComposeSpecificationTest {
  @TempDir Path dir;

  private ComposeFile load(Map<String, String> env, String yaml) throws IOException {
    return Compose.load(List.of(Files.writeString(dir.resolve("f.yml"), yaml)), env);
  }

  private static List<String> warnings(ComposeFile file) {
    return file.warnings().stream()
        .map(w -> w.mark().line() + ":" + w.mark().column() + ": " + w.message())
        .toList();
  }

  /** "LINE:COLUMN: message" for each error. */
  private List<String> errors(Map<String, String> env, String yaml) {
    ComposeException e = catchThrowableOfType(ComposeException.class, () -> load(env, yaml));
    assertThat(e).as("no error was told").isNotNull();
    return e.problems().stream()
        .map(p -> p.mark().line() + ":" + p.mark().column() + ": " + p.message())
        .toList();
  }

  @Test
  void aNameIsAcceptedAndTold() throws IOException {
    ComposeFile file = load(Map.of(), "{name: shop, services: {web: {image: a}}}");

    assertThat(warnings(file))
        .containsExactly(
            "1:2: 'name' is for docker compose: ignored; a stack is named on the command line");
  }

  @Test
  void anOldVersionIsReadByTheNewestRules() throws IOException {
    ComposeFile file =
        load(
            Map.of(),
            "{version: '3.0', services: {web: {image: a}}, configs: {c: {external: true}}}");

    assertThat(file.section("configs")).containsOnlyKeys("c");
  }

  private static final String PROFILES =
      """
      services:
        web: {image: a}
        debug: {image: b, profiles: [debug, tools]}
      """;

  @ParameterizedTest
  @ValueSource(strings = {"debug", "tools", "other, debug", "*"})
  void aServiceWithProfilesIsThereIfOneIsAskedFor(String asked) throws IOException {
    ComposeFile file = load(Map.of("COMPOSE_PROFILES", asked), PROFILES);

    assertThat(file.services()).containsOnlyKeys("web", "debug");
    assertThat(file.warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "other", "debugger"})
  void aServiceWithProfilesIsLeftOutUnlessOneIsAskedFor(String asked) throws IOException {
    ComposeFile file = load(Map.of("COMPOSE_PROFILES", asked), PROFILES);

    assertThat(file.services()).containsOnlyKeys("web");
    assertThat(warnings(file))
        .containsExactly(
            "3:3: 'services.debug' is left out: COMPOSE_PROFILES names none of its profiles debug,"
                + " tools");
  }

  @Test
  void whatAServiceThatIsLeftOutRefersToNeedNotBeThere() throws IOException {
    ComposeFile file =
        load(Map.of(), "services: {web: {image: a}, db: {image: b, profiles: [x], networks: [n]}}");

    assertThat(file.services()).containsOnlyKeys("web");
  }

  @Test
  void everyConditionOfADependencyIsKept() throws IOException {
    ComposeFile file =
        load(
            Map.of("NO", "no"),
            """
            services:
              web:
                image: a
                depends_on:
                  db: {condition: service_healthy, restart: true}
                  setup: {condition: service_completed_successfully}
                  cache: {condition: service_started, required: "${NO}"}
                  queue: {}
              db: {image: b}
              setup: {image: c}
              queue: {image: d, depends_on: [db]}
            """);

    assertThat(file.dependencies("web"))
        .containsExactly(
            new Dependency("db", Condition.HEALTHY, true),
            new Dependency("setup", Condition.COMPLETED, true),
            new Dependency("cache", Condition.STARTED, false),
            new Dependency("queue", Condition.STARTED, true));
    assertThat(file.dependencies("queue"))
        .containsExactly(new Dependency("db", Condition.STARTED, true));
    assertThat(file.dependencies("db")).isEmpty();
  }

  @Test
  void thatADependantRestartsWithWhatItDependsOnIsToldAndIgnored() throws IOException {
    ComposeFile file =
        load(
            Map.of(),
            """
            services:
              web:
                image: a
                depends_on:
                  db: {restart: true}
                  queue: {restart: false}
              db: {image: b}
              queue: {image: c, depends_on: [db]}
            """);

    assertThat(warnings(file))
        .containsExactly(
            "5:12: 'services.web.depends_on.db.restart' is ignored: only what changed is restarted;"
                + " skep stack restart does the others");
  }

  @Test
  void dependenciesOfSeveralFilesAreMergedByService() throws IOException {
    Path first =
        Files.writeString(
            dir.resolve("1.yml"),
            "services: {a: {image: a, depends_on: {b: {condition: service_healthy}}},"
                + " b: {image: b}, c: {image: c}}");
    Path second =
        Files.writeString(
            dir.resolve("2.yml"), "services: {a: {depends_on: {b: {required: false}, c: {}}}}");

    assertThat(Compose.load(List.of(first, second), Map.of()).dependencies("a"))
        .containsExactly(
            new Dependency("b", Condition.STARTED, false),
            new Dependency("c", Condition.STARTED, true));
  }

  @Test
  void unknownDependenciesAndCyclesAreToldWithTheirPlaces() {
    assertThat(
            errors(
                Map.of(),
                """
                services:
                  a: {image: a, depends_on: [b]}
                  b: {image: b, depends_on: {c: {}}}
                  c: {image: c, depends_on: [a, qeue]}
                  d: {image: d, depends_on: [d]}
                  e: {image: e, depends_on: {off: {}, gone: {}}}
                  f: {image: f, depends_on: {off: {required: false}, gone: {required: false}}}
                  off: {image: off, profiles: [x, y]}
                  queue: {image: q}
                """))
        .containsExactly(
            "4:30: services depend on each other in a circle: a -> b -> c -> a; remove one of them",
            "4:33: services.c depends on the undefined service 'qeue'; did you mean 'queue'?",
            "5:30: services depend on each other in a circle: d -> d; remove one of them",
            "6:30: services.e depends on the undefined service 'off'; its profiles leave it out:"
                + " name one of x, y in COMPOSE_PROFILES, or say 'required: false'",
            "6:39: services.e depends on the undefined service 'gone'; declare it under"
                + " 'services:', or remove it here");
  }

  @Test
  void ignoredKeysAreToldInEachOfTheirForms() throws IOException {
    ComposeFile file =
        load(
            Map.of(),
            """
            services:
              web:
                image: a
                develop: {watch: [{path: ., action: sync}]}
                attach: false
                group_add: [100, docker, 1.5]
                shm_size: 64
              db:
                image: b
                shm_size: 64.0
                container_name: x
            """);

    assertThat(warnings(file))
        .containsExactly(
            "4:5: 'services.web.develop' is for docker compose watch: ignored",
            "5:5: 'services.web.attach' is for docker compose up: ignored",
            "6:5: 'services.web.group_add' is not honoured yet: ignored",
            "7:5: 'services.web.shm_size' is not supported by Swarm: ignored",
            "10:5: 'services.db.shm_size' is not supported by Swarm: ignored",
            "11:5: 'services.db.container_name' has no effect in a stack: ignored; Swarm names the"
                + " containers of a service");
  }

  @Test
  void extensionsMayStandInEveryMapping() throws IOException {
    ComposeFile file =
        load(
            Map.of(),
            "{x-a: 1, services: {web: {image: a, x-b: 2, deploy: {x-c: 3, replicas: 2,"
                + " resources: {x-d: {}}}, healthcheck: {x-e: [], test: b},"
                + " credential_spec: {x-f: 1, file: c}}}, networks: {default: {ipam: {x-g: 1}}}}");

    Fields web = file.services().get("web");
    assertThat(web.fieldsOf("deploy").fields()).containsOnlyKeys("replicas", "resources");
    assertThat(web.fieldsOf("credential_spec").fields()).containsOnlyKeys("file");
  }

  @Test
  void anEnvFileMayBeOptional() throws IOException {
    Files.writeString(dir.resolve("a.env"), "A='raw'\n");

    ComposeFile file =
        load(
            Map.of(),
            "services: {web: {image: a, env_file: [{path: a.env, format: raw},"
                + " {path: gone.env, required: false}]}}");

    assertThat(file.services().get("web").fieldsOf("environment").text("A")).isEqualTo("'raw'");
    assertThat(errors(Map.of(), "services: {web: {image: a, env_file: [{path: gone.env}]}}"))
        .singleElement()
        .asString()
        .startsWith("1:39: env_file: there is no file");
  }

  @Test
  void portsMayBeWrittenAsTheSpecificationDoes() throws IOException {
    ComposeFile file =
        load(
            Map.of(),
            "services: {web: {image: a, ports: [{name: http, target: 80, published: '8080',"
                + " app_protocol: http, host_ip: 127.0.0.1}]}}");

    Fields port = (Fields) file.services().get("web").itemsOf("ports").getFirst();
    assertThat(port.number("published")).isEqualTo(8080);
    assertThat(warnings(file))
        .containsExactly(
            "1:37: ports: 'name' has no meaning in Swarm: ignored",
            "1:80: ports: 'app_protocol' has no meaning in Swarm: ignored",
            "1:100: ports: Swarm publishes a port on all addresses: 'host_ip' is ignored");
    assertThat(
            errors(
                Map.of(), "services: {web: {image: a, ports: [{target: 80, published: '80-81'}]}}"))
        .containsExactly(
            "1:60: ports: 'published' must be one port, not '80-81'; write a range in the short"
                + " form");
  }

  @Test
  void resourcesMayBeNumbers() throws IOException {
    ComposeFile file =
        load(
            Map.of(),
            "services: {web: {image: a, deploy: {resources:"
                + " {limits: {cpus: 0.5, memory: 1024}, reservations: {cpus: 1, memory: 1}}}}}");

    Fields resources = file.services().get("web").fieldsOf("deploy").fieldsOf("resources");
    assertThat(resources.fieldsOf("limits").number("cpus")).isEqualTo(500_000_000);
    assertThat(resources.fieldsOf("limits").number("memory")).isEqualTo(1024);
    assertThat(resources.fieldsOf("reservations").number("cpus")).isEqualTo(1_000_000_000);
  }

  @Test
  void contentMayComeFromAVariable() throws IOException {
    ComposeFile file =
        load(
            Map.of("PASSWORD", "geheim", "EMPTY", ""),
            "{services: {web: {image: a}}, secrets: {s: {environment: PASSWORD}},"
                + " configs: {c: {environment: EMPTY}}}");

    assertThat(content(file.section("secrets").get("s"))).isEqualTo("geheim");
    assertThat(content(file.section("configs").get("c"))).isEmpty();
  }

  private static String content(Fields object) {
    return new String(Base64.getDecoder().decode(ComposeFile.data(object)), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "secrets: {s: {environment: GONE}}|the variable 'GONE' is not set; set it, or name a 'file'",
        "secrets: {s: {environment: A, file: f}}|'environment' and 'file' exclude each other",
        "configs: {c: {environment: A, content: f}}|'content' and 'environment' exclude each other",
        "secrets: {s: {content: hunter2}}|a secret does not belong into the file",
        "networks: {n: {enable_ipv6: true}}|make the network beforehand",
        "networks: {n: {ipam: {config: [{gateway: 10.0.0.1}]}}}|make the network beforehand",
        "models: {m: {}}|Swarm runs no models",
      })
  void whatAnObjectCannotHaveIsRefusedWithTheReason(String yaml, String message) {
    assertThat(errors(Map.of(), "{services: {w: {image: a}}, " + yaml + "}"))
        .anySatisfy(e -> assertThat(e).contains(message))
        .noneSatisfy(e -> assertThat(e).contains("hunter2"));
  }

  static Stream<String> refused() {
    return SwarmKeys.REFUSED.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatAServiceCannotHaveIsRefusedWithTheReason(String key) {
    assertThat(errors(Map.of(), "services: {web: {image: a, %s: x}}".formatted(key)))
        .containsExactly(
            "1:28: 'services.web.%s' cannot be used in a stack: %s"
                .formatted(key, SwarmKeys.REFUSED.get(key)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "depends_on: {web: {condition: healthy}}|must be one of service_started, service_healthy",
        "depends_on: {b: {when: now}}|unknown key 'when' in services.web.depends_on.b",
        "profiles: x|'services.web.profiles' must be a list",
        "extends: {file: a.yml}|services.web.extends: 'service' is missing",
        "env_file: [{path: a, format: dotenv}]|must be one of raw, not 'dotenv'",
        "networks: {n: {mac_address: x}}|Swarm chooses the addresses",
        "deploy: {resources: {reservations: {devices: []}}}|set generic_resources instead",
      })
  void whatDoesNotFitIsToldWithItsPlace(String key, String message) {
    assertThat(errors(Map.of(), "services:\n  web: {image: a, " + key + "}\n"))
        .anySatisfy(e -> assertThat(e).startsWith("2:").contains(message));
  }
}
