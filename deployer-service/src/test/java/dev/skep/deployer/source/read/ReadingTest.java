package dev.skep.deployer.source.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.source.declare.Source;
import dev.skep.deployer.source.declare.SourcesFile;
import dev.skep.deployer.source.read.StackResult.Desired;
import dev.skep.deployer.source.read.StackResult.Refused;
import dev.skep.model.stack.Revision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadingTest {
  private static final String WEB = "services: {web: {image: 'web:1'}}";

  @Test
  void everyFolderWithAComposeFileIsAStack() {
    Reading reading =
        read(
            Map.of(
                "stacks/a/compose.yml", WEB,
                "stacks/b/docker-compose.yml", WEB,
                "stacks/c/stack.yml", WEB,
                "stacks/notes/README.md", "",
                "stacks/.hidden/compose.yml", WEB,
                "compose.yml", WEB));

    assertThat(reading.problems()).isEmpty();
    assertThat(reading.stacks()).hasOnlyElementsOfType(Desired.class);
    assertThat(reading.stacks()).extracting(StackResult::name).containsExactly("a", "b", "c");
    assertThat(reading.complete()).isTrue();
    assertThat(((Desired) reading.stacks().getFirst()).body().serviceNames())
        .containsExactly("web");
  }

  @Test
  void theRepositorysOwnListComesFirst() {
    Reading reading =
        read(
            Map.of(
                "skep.yml",
                """
                stacks:
                  shop:
                    files: [base.yml, more/prod.yml]
                    profiles: [extra]
                    env: {TAG: "7"}
                """,
                "base.yml",
                "services: {web: {image: 'web:${TAG}'}, x: {image: x, profiles: [extra]}}",
                "more/prod.yml",
                "services: {web: {hostname: prod}}",
                "stacks/a/compose.yml",
                WEB));

    Desired shop = (Desired) reading.stacks().getFirst();
    assertThat(reading.stacks()).hasSize(1);
    assertThat(shop.body().serviceNames()).containsExactly("web", "x");
    assertThat(shop.body().objects().services().getFirst().toString())
        .contains("web:7", "\"Hostname\":\"prod\"");
  }

  @Test
  void whatIsWrongInTheListStaysWithItsStack() {
    Reading reading =
        read(
            Map.of(
                "skep.yml",
                """
                stacks:
                  good: {files: base.yml}
                  bad: {fiels: base.yml}
                  "not a name": {files: base.yml}
                  outside: {files: ../base.yml}
                """,
                "base.yml",
                WEB));

    assertThat(reading.stacks())
        .filteredOn(Desired.class::isInstance)
        .extracting(StackResult::name)
        .containsExactly("good");
    assertThat(problems(reading, "bad"))
        .anyMatch(
            p ->
                p.startsWith(
                    "skep.yml:3:9: unknown key 'fiels' in stacks.bad; did you mean 'files'"));
    assertThat(problems(reading, "outside")).anyMatch(p -> p.contains("without '..'"));
    assertThat(problems(reading, "not a name")).anyMatch(p -> p.contains("is not a stack name"));
  }

  @Test
  void aRepositoryWithoutStacksIsNotComplete() {
    Reading reading = read(Map.of("README.md", ""));

    assertThat(reading.complete()).isFalse();
    assertThat(reading.problems().getFirst().message())
        .isEqualTo("there is no 'skep.yml', and no folder stacks/* with a compose.yml");
  }

  @Test
  void aBrokenStackDoesNotTouchTheOthers() {
    Reading reading =
        read(
            Map.of(
                "stacks/bad/compose.yml", "services: {web: {imgae: x}}",
                "stacks/good/compose.yml", WEB,
                "stacks/two/compose.yml", WEB,
                "stacks/two/compose.yaml", WEB));

    assertThat(problems(reading, "bad"))
        .anyMatch(
            p ->
                p.startsWith(
                    "stacks/bad/compose.yml:1:18: unknown key 'imgae' in services.web; did you mean"));
    assertThat(problems(reading, "two")).anyMatch(p -> p.contains("keep one"));
    assertThat(reading.stacks()).filteredOn(Desired.class::isInstance).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "services: {web: {image: x, env_file: /etc/passwd}}",
        "services: {web: {image: x, env_file: ../../../etc/passwd}}",
        "services: {web: {image: x, env_file: [{path: ../../../run/secrets/x, required: false}]}}",
        "services: {web: {extends: {file: ../../../other/compose.yml, service: web}}}",
        "services: {web: {extends: {file: /srv/compose.yml, service: web}}}",
        "include: [../../../etc/compose.yml]\nservices: {web: {image: x}}",
        "include: [{path: ../../x.yml, project_directory: /etc}]\nservices: {web: {image: x}}",
        "include: [{path: ../../x.yml, env_file: /proc/self/environ}]\nservices: {web: {image: x}}",
        "services: {web: {image: x}}\nsecrets: {s: {file: /run/secrets/skep_token}}",
        "services: {web: {image: x}}\nconfigs: {c: {file: ../../../../proc/self/environ}}",
      })
  void noFileOutsideOfTheRepositoryIsRead(String yaml) {
    Map<String, String> files = new HashMap<>();
    files.put("stacks/a/compose.yml", yaml);
    files.put("x.yml", "configs: {c: {file: passwd}}");

    Reading reading = read(files);

    assertThat(problems(reading, "a"))
        .anyMatch(p -> p.contains("is not in the repository; only files of the repository"));
  }

  @Test
  void filesOfTheRepositoryAreReadWhereverTheyLie() {
    Reading reading =
        read(
            Map.of(
                "stacks/a/compose.yml",
                """
                include: [../../common/net.yml]
                services:
                  web: {extends: {file: ../../common/base.yml, service: base}, env_file: ../../common/e}
                configs: {c: {file: ../../common/e}}
                """,
                "common/net.yml",
                "networks: {n: {}}",
                "common/base.yml",
                "services: {base: {image: x}}",
                "common/e",
                "A=b"));

    assertThat(reading.stacks()).hasOnlyElementsOfType(Desired.class);
    assertThat(((Desired) reading.stacks().getFirst()).body().objects().services().toString())
        .contains("A=b");
  }

  @Test
  void onlyDeclaredVariablesAreSeen() {
    Reading reading =
        Reading.of(
            source("variables: {TAG: '1'}"),
            new MapSnapshot(
                Map.of(
                    "stacks/a/compose.yml",
                    "services: {web: {image: 'x:${TAG}', environment: [PATH, 'H=${HOME}', TAG]}}")),
            Opening.NONE,
            Map.of("TAG", "1"),
            Set.of(),
            UnaryOperator.identity());

    Desired a = (Desired) reading.stacks().getFirst();
    assertThat(a.body().objects().services().getFirst().at("/TaskTemplate/ContainerSpec/Env"))
        .extracting(n -> n.asText())
        .containsExactly("H=", "PATH", "TAG=1");
  }

  @Test
  void aFileThatNamesALargeOneAThousandTimesIsRefused() {
    StringBuilder yaml = new StringBuilder(WEB).append("\nconfigs:\n");
    for (int i = 0; i < 40; i++) {
      yaml.append("  c").append(i).append(": {file: big}\n");
    }

    Reading reading =
        read(
            Map.of(
                "stacks/a/compose.yml", yaml.toString(),
                "stacks/a/big", "x".repeat(900_000)));

    assertThat(reading.stacks().getFirst()).isInstanceOf(Refused.class);
  }

  @Test
  void aStackThatIsTooLargeForARecordIsRefused() {
    StringBuilder yaml = new StringBuilder(WEB).append("\nconfigs:\n");
    for (int i = 0; i < 6; i++) {
      yaml.append("  c").append(i).append(": {file: big}\n");
    }

    Reading reading =
        read(
            Map.of(
                "stacks/a/compose.yml", yaml.toString(),
                "stacks/a/big", "x".repeat(900_000)));

    assertThat(problems(reading, "a")).anyMatch(p -> p.contains("make large configs external"));
  }

  @Test
  void ofStacksThatAreTooLargeTogetherTheLastAreRefused() {
    StringBuilder yaml = new StringBuilder(WEB).append("\nconfigs:\n");
    for (int i = 0; i < 4; i++) {
      yaml.append("  c").append(i).append(": {file: big}\n");
    }
    StringBuilder list = new StringBuilder("stacks:\n");
    for (int i = 10; i < 40; i++) {
      list.append("  s").append(i).append(": {files: base.yml}\n");
    }
    list.append("  small: {files: small.yml}\n");

    Reading reading =
        read(
            Map.of(
                "skep.yml", list.toString(),
                "base.yml", yaml.toString(),
                "big", "x".repeat(900_000),
                "small.yml", WEB));

    assertThat(reading.complete()).isTrue();
    assertThat(reading.stacks()).hasSize(31);
    assertThat(reading.stacks())
        .filteredOn(Desired.class::isInstance)
        .extracting(StackResult::name)
        .containsExactly("s10", "s11", "s12", "small");
    assertThat(problems(reading, "s13"))
        .singleElement()
        .asString()
        .contains("of the 16777216 that all stacks of a commit may have together")
        .endsWith("make large configs external, its own or theirs");
  }

  @Test
  void whatCameOfAStackIsHandedOnBeforeTheNextIsReadAndNeedNotBeKept() {
    List<String> order = new ArrayList<>();
    Snapshot files =
        new MapSnapshot(
            Map.of(
                "stacks/a/compose.yml", WEB,
                "stacks/b/compose.yml", WEB,
                "stacks/c/compose.yml", "services: 1"),
            order::add);

    Reading reading =
        Reading.of(
            source("prune: false"),
            files,
            Opening.NONE,
            Map.of(),
            Set.of(),
            result -> {
              order.add(result.name());
              return result instanceof Desired desired ? desired.asked() : result;
            });

    assertThat(order)
        .containsExactly(
            "stacks/a/compose.yml", "a", "stacks/b/compose.yml", "b", "stacks/c/compose.yml", "c");
    assertThat(reading.stacks()).extracting(StackResult::name).containsExactly("a", "b", "c");
    assertThat(reading.stacks())
        .filteredOn(Desired.class::isInstance)
        .hasSize(2)
        .allMatch(stack -> ((Desired) stack).body() == null);
  }

  @Test
  void theSuitesNameIsNotToBeHad() {
    Reading reading =
        read(Map.of("stacks/skep/compose.yml", WEB, "stacks/skep-edge/compose.yml", WEB));

    assertThat(reading.stacks()).hasOnlyElementsOfType(Refused.class).hasSize(2);
    assertThat(problems(reading, "skep")).anyMatch(p -> p.contains("'stacks: [skep]'"));
  }

  @Test
  void aDeclaredListOfNamesIsTheOnlyOne() {
    Map<String, String> files =
        Map.of("stacks/shop/compose.yml", WEB, "stacks/bank/compose.yml", WEB);

    Reading reading =
        Reading.of(
            source("stacks: ['shop*']"),
            new MapSnapshot(files),
            Opening.NONE,
            Map.of(),
            Set.of(),
            UnaryOperator.identity());

    assertThat(reading.stacks())
        .filteredOn(Refused.class::isInstance)
        .extracting(StackResult::name)
        .containsExactly("bank");
  }

  @Test
  void aRefusalNamesItsPlaceInTheRepository() {
    Reading reading =
        read(
            Map.of(
                "stacks/a/compose.yml",
                "services:\n  web:\n    image: x\n    volumes: ['/var/run/docker.sock:/s']\n"));

    assertThat(problems(reading, "a"))
        .containsExactly(
            "stacks/a/compose.yml:4:5: services.web.volumes: '/var/run/docker.sock' of the node is"
                + " mounted, which leads to the Engine's socket; to allow it, its source's policy"
                + " needs 'binds: [/var/run/docker.sock]' and 'engineSocket: true'");
  }

  @Test
  void aRevisionShowsWhereItsFilesAreFrom() {
    Reading reading = read(Map.of("stacks/a/compose.yml", WEB));

    assertThat(((Desired) reading.stacks().getFirst()).body().origin().source())
        .isEqualTo(new Revision.Source(List.of("stacks/a/compose.yml"), "/x", "c0ffee"));
  }

  @Test
  void encryptedFilesAreOpenedByTheirNameAndByTheNameThatTheyHaveInClear() {
    Reading reading =
        opened(
            Map.of(
                "stacks/a/compose.yml",
                """
                services: {web: {image: x, env_file: [e.env, f.env.age]}}
                secrets: {one: {file: one.txt}, two: {file: two.age}, three: {file: three}}
                """,
                "stacks/a/one.txt.age",
                sealed("1"),
                "stacks/a/two.age",
                sealed("2"),
                "stacks/a/three",
                "3",
                "stacks/a/three.age",
                sealed("not this one"),
                "stacks/a/e.env.age",
                sealed("E=e"),
                "stacks/a/f.env.age",
                sealed("F=f")));

    StackObjects objects = ((Desired) reading.stacks().getFirst()).body().objects();
    assertThat(objects.secrets())
        .extracting(s -> new String(s.path("Data").binaryValue(), UTF_8))
        .containsExactlyInAnyOrder("1", "2", "3");
    assertThat(objects.services().getFirst().at("/TaskTemplate/ContainerSpec/Env"))
        .extracting(n -> n.asText())
        .containsExactly("E=e", "F=f");
  }

  @Test
  void aFileThatIsNotThereInEitherFormIsNamedAsItIsWritten() {
    Reading reading =
        read(
            Map.of(
                "stacks/a/compose.yml",
                "services: {web: {image: x, env_file: [{path: e, required: false}]}}",
                "stacks/b/compose.yml",
                WEB + "\nsecrets: {s: {file: none}}"));

    assertThat(reading.stacks().getFirst()).isInstanceOf(Desired.class);
    assertThat(problems(reading, "b"))
        .singleElement()
        .asString()
        .contains("there is no file 'stacks/b/none'");
  }

  @Test
  void whatWasEncryptedIsInNoMessage() {
    Reading reading =
        opened(
            Map.of(
                "stacks/a/compose.yml",
                "include: [more.yml.age]",
                "stacks/a/more.yml.age",
                sealed(
                    "services: {web: {image: x, stop_signal: [tiger], hunter2: 1, mode: hunter2}}"),
                "stacks/b/compose.yml",
                "services: {web: {image: x, env_file: e.age}}",
                "stacks/b/e.age",
                sealed("correct horse=battery")));

    assertThat(problems(reading, "a")).isNotEmpty();
    assertThat(problems(reading, "b")).isNotEmpty();
    assertThat(reading.toString())
        .doesNotContain("hunter2", "tiger", "correct", "horse", "battery")
        .contains("***");
  }

  @Test
  void valuesOfFilesAreInNoMessage() {
    Reading reading =
        Reading.of(
            source("variables: {PORT: {valueFile: p}, KEY: {valueFile: k}, MODE: quick}"),
            new MapSnapshot(
                Map.of(
                    "stacks/a/compose.yml",
                    "services: {web: {image: x, ports: ['${PORT}:80', 'x${PORT}y:81']}}",
                    "stacks/b/compose.yml",
                    "services: {web: {image: x, volumes: ['/srv/${KEY}/z:/d']}}",
                    "stacks/c/compose.yml",
                    "services: {web: {image: x, ports: ['${MODE}:80']}}")),
            Opening.NONE,
            Map.of("PORT", "a!b-tiger", "KEY", "horse+1\nbattery", "MODE", "quick"),
            Set.of(),
            UnaryOperator.identity());

    assertThat(problems(reading, "a")).isNotEmpty();
    assertThat(problems(reading, "b")).isNotEmpty();
    assertThat(reading.toString())
        .doesNotContain("tiger", "a!b", "horse", "+1", "battery")
        .contains("***");
    assertThat(problems(reading, "c")).as("is no secret").anyMatch(p -> p.contains("quick"));
  }

  @Test
  void aFileThatMayBeOpenedLaterIsTriedAgain() {
    Opening late =
        (path, content, limit) -> {
          throw new Opening.TryAgainException("'" + path + "' came too late");
        };
    Reading reading =
        Reading.of(
            source("prune: false"),
            new MapSnapshot(Map.of("stacks/a/compose.yml", WEB)),
            late,
            Map.of(),
            Set.of(),
            UnaryOperator.identity());

    assertThat(reading.stacks())
        .singleElement()
        .isInstanceOfSatisfying(
            Refused.class,
            r -> {
              assertThat(r.tryAgain()).isTrue();
              assertThat(r.problems().toString()).contains("came too late");
            });
  }

  @Test
  void aFileInClearIsBoundedLikeAnyOther() {
    Reading reading =
        opened(
            Map.of(
                "stacks/a/compose.yml",
                WEB + "\nsecrets: {s: {file: big}}",
                "stacks/a/big.age",
                sealed("x".repeat(600_000))));

    assertThat(problems(reading, "a"))
        .singleElement()
        .asString()
        .contains("'stacks/a/big.age' has 600000 bytes, at most 512000 are allowed");
  }

  private static String sealed(String clear) {
    return "sealed:" + Base64.getEncoder().encodeToString(clear.getBytes(UTF_8));
  }

  /** Reads with files that are encrypted in a way of the tests. */
  private static Reading opened(Map<String, String> files) {
    Opening opening =
        (path, content, limit) -> {
          String text = new String(content, UTF_8);
          return text.startsWith("sealed:")
              ? Base64.getDecoder().decode(text.substring("sealed:".length()))
              : content;
        };
    return Reading.of(
        source("prune: false"),
        new MapSnapshot(files),
        opening,
        Map.of(),
        Set.of(),
        UnaryOperator.identity());
  }

  private static List<String> problems(Reading reading, String stack) {
    return reading.stacks().stream()
        .filter(s -> s.name().equals(stack))
        .map(Refused.class::cast)
        .flatMap(r -> r.problems().stream())
        .map(Problem::toString)
        .toList();
  }

  private static Reading read(Map<String, String> files) {
    return Reading.of(
        source("prune: false"),
        new MapSnapshot(files),
        Opening.NONE,
        Map.of(),
        Set.of(),
        UnaryOperator.identity());
  }

  private static Source source(String more) {
    SourcesFile file =
        SourcesFile.read("s.yml", "sources: {s: {url: /x, " + more + "}}", Path.of("/"));
    assertThat(file.broken()).isEmpty();
    return file.sources().getFirst();
  }
}
