package dev.skep.deployer.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.skep.deployer.compose.Value.Fields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services that extend others, by the Compose Specification's rules of merging. */
class ExtendsTest {
  @TempDir Path dir;

  private Path write(String name, String content) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private Fields web(String yaml) throws IOException {
    return Compose.load(List.of(write("stack.yml", yaml)), Map.of("OURS", "ours"))
        .services()
        .get("web");
  }

  /** "FILE:LINE:COLUMN: message" for each error. */
  private List<String> errors(String yaml) throws IOException {
    Path file = write("stack.yml", yaml);
    ComposeException e =
        catchThrowableOfType(ComposeException.class, () -> Compose.load(List.of(file), Map.of()));
    assertThat(e).as("no error was told").isNotNull();
    return e.problems().stream().map(p -> p.toString().replace(dir + "/", "")).toList();
  }

  @Test
  void aServiceExtendsOneOfTheSameFile() throws IOException {
    Fields web =
        web(
            """
            services:
              base: {image: a, hostname: h, user: u}
              middle: {extends: base, image: b, user: v}
              web: {extends: {service: middle}, image: c}
            """);

    assertThat(List.of(web.text("image"), web.text("hostname"), web.text("user")))
        .containsExactly("c", "h", "v");
    assertThat(web.has("extends")).isFalse();
  }

  @Test
  void theBaseMayLackWhatTheServiceHas() throws IOException {
    assertThat(web("services: {web: {extends: {service: b, file: base.yml}, image: a}}", "b: {}"))
        .isEqualTo("a");
  }

  private String web(String yaml, String base) throws IOException {
    write("base.yml", "services: {" + base + "}");
    return web(yaml).text("image");
  }

  @Test
  void mappingsMergeAndScalarsOverrideAlsoByFalseAndZero() throws IOException {
    Fields web =
        web(
            """
            services:
              base:
                image: a
                tty: true
                stop_grace_period: 5s
                environment: {A: "1", B: "2", OURS: base}
                labels: [one=1, two=2]
                healthcheck: {test: [CMD, x], retries: 3, interval: 5s}
                logging: {driver: json-file, options: {a: "1", b: "2"}}
                ulimits: {nofile: {soft: 1, hard: 2}, core: 1}
                networks: {default: {aliases: [x]}}
                deploy: {replicas: 3, labels: {x: y}, resources: {limits: {cpus: "1", pids: 5}}}
                depends_on: {db: {condition: service_healthy}}
              web:
                extends: base
                tty: false
                stop_grace_period: 0s
                environment: [B=3, C=4, OURS]
                labels: {two: "", three: 3}
                healthcheck: {test: y, retries: 0}
                logging: {driver: json-file, options: {b: "3"}}
                ulimits: {nofile: 7}
                networks: {default: {aliases: [y]}}
                deploy: {replicas: 0, resources: {limits: {cpus: "2"}}}
                depends_on: [db]
              db: {image: b}
            """);

    assertThat(web.flag("tty")).isFalse();
    assertThat(web.number("stop_grace_period")).isZero();
    assertThat(texts(web.fieldsOf("environment")))
        .isEqualTo(Map.of("A", "1", "B", "3", "C", "4", "OURS", "ours"));
    assertThat(texts(web.fieldsOf("labels")))
        .isEqualTo(Map.of("one", "1", "two", "", "three", "3"));
    Fields check = web.fieldsOf("healthcheck");
    assertThat(check.textsOf("test")).containsExactly("CMD-SHELL", "y");
    assertThat(check.number("retries")).isZero();
    assertThat(check.number("interval")).isEqualTo(5_000_000_000L);
    assertThat(texts(web.fieldsOf("logging").fieldsOf("options")))
        .isEqualTo(Map.of("a", "1", "b", "3"));
    assertThat(web.fieldsOf("ulimits").fieldsOf("nofile").number("soft")).isEqualTo(7);
    assertThat(web.fieldsOf("ulimits").fieldsOf("core").number("hard")).isEqualTo(1);
    assertThat(web.fieldsOf("networks").fieldsOf("default").textsOf("aliases"))
        .containsExactly("x", "y");
    Fields limits = web.fieldsOf("deploy").fieldsOf("resources").fieldsOf("limits");
    assertThat(web.fieldsOf("deploy").number("replicas")).isZero();
    assertThat(limits.number("cpus")).isEqualTo(2_000_000_000L);
    assertThat(limits.number("pids")).isEqualTo(5);
    assertThat(Dependencies.of(web))
        .containsExactly(new Dependency("db", Dependency.Condition.STARTED, true));
  }

  private static Map<String, String> texts(Fields fields) {
    Map<String, String> result = new java.util.TreeMap<>();
    fields.fields().forEach((k, f) -> result.put(k, ((Value.Scalar) f.value()).text()));
    return result;
  }

  @Test
  void commandsAreReplacedListsAppendedAndWhatHasAnIdentityReplaced() throws IOException {
    Fields web =
        web(
            """
            services:
              base:
                image: a
                command: [one, two]
                cap_add: [NET_ADMIN]
                dns: 192.0.2.1
                ports: ["80:80", "53:53/udp"]
                volumes: ["one:/data", "/x:/y"]
                secrets: [s]
                configs: [{source: c, target: /c}]
              web:
                extends: base
                command: []
                cap_add: [NET_ADMIN, SYS_TIME]
                dns: [192.0.2.2]
                ports: ["80:80", "53:53/tcp", "81:80"]
                volumes: ["two:/data"]
                secrets: [{source: s, target: other}]
                configs: [{source: d, target: /c}]
            volumes: {one: , two: }
            secrets: {s: {external: true}}
            configs: {c: {external: true}, d: {external: true}}
            """);

    assertThat(web.textsOf("command")).isEmpty();
    assertThat(web.textsOf("cap_add")).containsExactly("NET_ADMIN", "SYS_TIME");
    assertThat(web.textsOf("dns")).containsExactly("192.0.2.1", "192.0.2.2");
    assertThat(web.itemsOf("ports"))
        .extracting(p -> ((Fields) p).text("published") + "/" + ((Fields) p).text("protocol"))
        .containsExactly("80/tcp", "53/udp", "53/tcp", "81/tcp");
    assertThat(web.itemsOf("volumes"))
        .extracting(v -> ((Fields) v).text("source"))
        .containsExactly("two", "/x");
    assertThat(web.itemsOf("secrets")).hasSize(2);
    assertThat(web.itemsOf("configs"))
        .extracting(v -> ((Fields) v).text("source"))
        .containsExactly("d");
  }

  @Test
  void anotherLoggingDriverReplacesTheOptions() throws IOException {
    Fields web =
        web(
            """
            services:
              base: {image: a, logging: {driver: syslog, options: {a: "1"}}}
              web: {extends: base, logging: {driver: json-file, options: {b: "2"}}}
            """);

    assertThat(texts(web.fieldsOf("logging").fieldsOf("options"))).isEqualTo(Map.of("b", "2"));
  }

  @Test
  void aServiceOfAnotherFileKeepsItsRelativePaths() throws IOException {
    write("common/app.env", "FROM=common\nBOTH=common\n");
    write("own.env", "BOTH=own\n");
    write(
        "common/base.yml",
        """
        services:
          app:
            extends: {service: root, file: deeper/root.yml}
            env_file: app.env
            volumes: ["./data:/data"]
          unused: {image: b, env_file: not-there.env}
        """);
    write("common/deeper/root.yml", "services: {root: {image: root, volumes: ['./r:/r']}}");

    Fields web =
        web(
            "services: {web: {extends: {service: app, file: common/base.yml}, env_file: own.env,"
                + " environment: {MORE: x}}}");

    assertThat(web.text("image")).isEqualTo("root");
    assertThat(texts(web.fieldsOf("environment")))
        .isEqualTo(Map.of("FROM", "common", "BOTH", "own", "MORE", "x"));
    assertThat(web.itemsOf("volumes"))
        .extracting(v -> ((Fields) v).text("source"))
        .containsExactly(
            dir.resolve("common/deeper/r").toString(), dir.resolve("common/data").toString());
  }

  @Test
  void theEnvironmentOfTheBaseWinsOverAnEnvFileOfTheService() throws IOException {
    write("own.env", "A=file\n");

    Fields web =
        web(
            "services: {base: {image: a, environment: {A: base}},"
                + " web: {extends: base, env_file: own.env}}");

    assertThat(web.fieldsOf("environment").text("A")).isEqualTo("base");
  }

  @Test
  void whatTheBaseRefersToMustBeDeclaredHere() throws IOException {
    write("base.yml", "services: {app: {image: a, volumes: ['data:/data']}}\nvolumes: {data: }\n");

    assertThat(errors("services: {web: {extends: {service: app, file: base.yml}}}"))
        .containsExactly(
            "base.yml:1:38: undefined volume 'data'; declare it under the top-level 'volumes:'");
  }

  @Test
  void everythingWrongIsToldWithItsPlace() throws IOException {
    write("base.yml", "services:\n  app: {image: a, imagee: b}\n");

    assertThat(
            errors(
                """
                services:
                  one: {extends: tow}
                  two: {image: a}
                  three: {extends: {service: app, file: gone.yml}}
                  four: {extends: {service: ap, file: base.yml}}
                  five: {image: a, tty: 1}
                """))
        .containsExactly(
            "stack.yml:2:18: services.one extends 'tow', which stack.yml does not have; did you"
                + " mean 'two'?",
            "stack.yml:4:41: there is no file 'gone.yml'",
            "stack.yml:5:19: services.four extends 'ap', which base.yml does not have; did you"
                + " mean 'app'?",
            "stack.yml:6:25: 'services.five.tty' must be true or false, but is the number 1",
            "base.yml:2:19: unknown key 'imagee' in services.app; did you mean 'image'?");
  }

  @Test
  void aCircleIsToldOnce() throws IOException {
    write("b.yml", "services: {b: {extends: {service: a, file: stack.yml}}}");

    assertThat(errors("services: {a: {extends: {service: b, file: b.yml}}, c: {extends: c}}"))
        .containsExactly(
            "stack.yml:1:25: 'extends' goes in a circle: stack.yml: a -> b.yml: b -> stack.yml: a;"
                + " remove one of them",
            "stack.yml:1:66: 'extends' goes in a circle: stack.yml: c -> stack.yml: c; remove one"
                + " of them");
  }
}
