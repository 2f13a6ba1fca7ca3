package dev.skep.deployer.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a file is told with its place, and everything at once. */
class ComposeErrorsTest {
  @TempDir Path dir;

  private List<String> errors(String yaml) {
    return errors(Map.of(), yaml);
  }

  /** "LINE:COLUMN: message" for each error of the files. */
  private List<String> errors(Map<String, String> env, String... yamls) {
    List<Path> files = new java.util.ArrayList<>();
    for (int i = 0; i < yamls.length; i++) {
      files.add(write("f" + i + ".yml", yamls[i]));
    }
    ComposeException e =
        catchThrowableOfType(ComposeException.class, () -> Compose.load(files, env));
    assertThat(e).as("no error was told").isNotNull();
    return e.problems().stream()
        .map(p -> p.mark().line() + ":" + p.mark().column() + ": " + p.message())
        .toList();
  }

  private Path write(String name, String content) {
    try {
      return Files.writeString(dir.resolve(name), content);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void everyErrorOfAFileIsToldAtOnceInItsOrder() {
    String yaml =
        """
        services:
          web:
            imagee: nginx
            image: nginx
            deploy:
              replicas: three
              update_config: {order: start-frist}
            stop_grace_period: 5 minutes
            networks: [frnt]
            ports: ["80:http"]
        networks:
          front:
        """;

    assertThat(errors(yaml))
        .containsExactly(
            "3:5: unknown key 'imagee' in services.web; did you mean 'image'?",
            "6:17: 'services.web.deploy.replicas' must be a whole number, but is a string",
            "7:30: 'services.web.deploy.update_config.order' must be one of start-first, stop-first,"
                + " not 'start-frist'; did you mean 'start-first'?",
            "8:24: '5 minutes' is not a duration; write one such as 1m30s, with a unit of ns, us,"
                + " ms, s, m, h",
            "9:16: undefined network 'frnt'; did you mean 'front'?",
            "10:13: ports: '80:http' is not a port: 'http' is not a port; write"
                + " [PUBLISHED:]TARGET[/PROTOCOL]");
  }

  @Test
  void theFileIsNamedInTheMessage() {
    Path file = write("stack.yml", "services: {web: {image: 5}}");

    ComposeException e =
        catchThrowableOfType(ComposeException.class, () -> Compose.load(List.of(file), Map.of()));

    assertThat(e.getMessage()).startsWith(file + ":1:25: 'services.web.image' must be a string");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "services: {web: {image: a, tty: 1}}|'services.web.tty' must be true or false",
        "services: {web: {image: a, extends: wb}}|services.web extends 'wb', which",
        "services: {web: {image: a, mem_limit: 1g}}|set deploy.resources.limits.memory instead",
        "services: {web: {image: a}, web: {image: b}}|'web' stands here twice, first in line 1",
        "services: {web: {}}|services.web: 'image' is missing",
        "services: {web: {image: 'A B'}}|'A B' is not an image reference",
        "services: {web: }|'services.web' must be a mapping, but is empty",
        "services: {we/b: {image: a}}|'we/b' is not a valid name here",
        "{version: 3.8, services: {web: {image: a}}}|'version' must be a string (put it in quotes)",
        "{version: '2', services: {web: {image: a}}}|version '2' is not supported: 3.0 to 3.13",
        "volumes: {}|'services' is missing",
        "services: [|not valid YAML",
        "services: {web: {image: *no}}|not valid YAML",
        "services: {web: {image: a, healthcheck: {test: [CMD], disable: true}}}|exclude each other",
        "services: {web: {image: a, command: 'say \"x'}}|a double quote is not closed",
        "services: {web: {image: a, volumes: [data:/x]}}|undefined volume 'data'; declare it under",
        "services: {web: {image: a, secrets: [s]}}|undefined secret 's'",
        "services: {web: {image: a, configs: [s]}}|undefined config 's'",
        "services: {web: {image: a, volumes: [{type: bind, target: /x}]}}|needs a 'source'",
        "services: {web: {image: a, deploy: {mode: global, replicas: 1}}}|does not go with mode",
        "services: {web: {image: a, deploy: {resources: {limits: {memory: lots}}}}}|'lots' is not a",
        "services: {web: {image: a, deploy: {resources: {limits: {cpus: '0.1234567891'}}}}}|precise",
        "services: {web: {image: a, restart: sometimes}}|'restart' must be one of",
        "services: {web: {image: a, environment: {A: true}}}|put it in quotes",
        "services: {web: {image: a, ports: ['70000:80']}}|a port is at most 65535",
        "services: {web: {image: '${V'}}|${V is not closed",
        "services: {web: {image: '${V:+x}'}}|${V is not closed, or not one of",
        "services: {web: {image: '${V:?set it}'}}|required variable V is missing a value: set it",
        "services: {web: {image: 'a$'}}|'$' begins a variable",
        "{services: {w: {image: a}}, secrets: {s: {file: no.txt}}}|there is no file",
        "{services: {w: {image: a}}, configs: {c: {}}}|name its 'file'",
        "services: {w: {image: a, env_file: nope.env}}|env_file: there is no file",
        "services: {w: {image: a, extra_hosts: {h: 1}}}|'services.w.extra_hosts.h' must be a string",
        "services: {w: {image: a, ports: !reset []}}|the tag '!reset' is for docker compose",
        "services: {w: {image: a, user: !override b}}|the tag '!override' is for docker compose",
        "services: {w: {image: a, cap_add: [A, A]}}|'services.w.cap_add' holds 'A' twice; remove",
        "services: {w: {image: a, ports: [80, '81', 80]}}|'services.w.ports' holds '80' twice",
        "services: {w: {image: a, ports: [80.5]}}|'services.w.ports[0]' must be a string or a whole",
      })
  void tellsWhatIsWrong(String yaml, String message) {
    List<String> errors = errors(yaml);

    assertThat(errors).anySatisfy(e -> assertThat(e).contains(message));
  }

  @Test
  void anAliasInsideItsOwnAnchorIsAnError() {
    assertThat(errors("services: {web: {image: a, labels: &l {x: *l}}}"))
        .anySatisfy(e -> assertThat(e).contains("has no end"));
  }

  @Test
  void aFileThatUnfoldsToAGiantIsRefused() {
    StringBuilder yaml = new StringBuilder("x-0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      String before = "*a" + (i - 1);
      yaml.append(
          "x-%d: &a%d [%s]\n"
              .formatted(i, i, String.join(", ", List.of(before, before, before, before, before))));
    }

    assertThat(errors(yaml.toString()))
        .containsExactly("1:1: the file unfolds to more than 500000 values by aliases");
  }

  @Test
  void anEmptyFileIsAnError() {
    assertThat(errors("# nothing\n"))
        .containsExactly("1:1: the file is empty; a stack needs at least 'services:'");
  }

  @Test
  void filesOfDifferentVersionsAreAnError() {
    assertThat(
            errors(
                Map.of(),
                "{version: '3.1', services: {web: {image: a}}}",
                "{version: '3.2', services: {web: {image: a}}}"))
        .singleElement()
        .asString()
        .contains("all files of a stack must have the same version");
  }

  @Test
  void errorsOfSeveralFilesAreToldTogether() {
    List<String> errors = errors(Map.of(), "services: {web: {imag: a}}", "service: {}");

    assertThat(errors)
        .anySatisfy(e -> assertThat(e).contains("did you mean 'image'?"))
        .anySatisfy(e -> assertThat(e).contains("did you mean 'services'?"));
  }

  @Test
  void aFileThatIsNotThereIsAnError() {
    Path missing = dir.resolve("missing.yml");

    ComposeException e =
        catchThrowableOfType(
            ComposeException.class, () -> Compose.load(List.of(missing), Map.of()));

    assertThat(e).hasMessageContaining("there is no file");
  }

  @Test
  void aSectionThatCannotBeReadDoesNotMakeItsNamesUndefined() {
    assertThat(errors("{services: {web: {image: a, networks: [n]}}, networks: [n]}"))
        .singleElement()
        .asString()
        .contains("'networks' must be a mapping, but is a list");
  }
}
