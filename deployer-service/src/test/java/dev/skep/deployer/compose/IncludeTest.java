package dev.skep.deployer.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.skep.deployer.compose.Value.Fields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that include others. */
class IncludeTest {
  @TempDir Path dir;

  private Path write(String name, String content) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private ComposeFile load(String yaml) throws IOException {
    return Compose.load(List.of(write("stack.yml", yaml)), Map.of("OURS", "ours"));
  }

  /** "FILE:LINE:COLUMN: message" for each error. */
  private List<String> errors(String yaml) throws IOException {
    Path file = write("stack.yml", yaml);
    ComposeException e =
        catchThrowableOfType(ComposeException.class, () -> Compose.load(List.of(file), Map.of()));
    assertThat(e).as("no error was told").isNotNull();
    return e.problems().stream().map(p -> p.toString().replace(dir + "/", "")).toList();
  }

  private static String environment(ComposeFile file, String service, String name) {
    return file.services().get(service).fieldsOf("environment").text(name);
  }

  private static String source(ComposeFile file, String service) {
    return ((Fields) file.services().get(service).itemsOf("volumes").getFirst()).text("source");
  }

  @Test
  void aFileIsIncludedWithItsOwnRelativePaths() throws IOException {
    write("db/db.env", "A=1\n");
    write("db/secret.txt", "geheim");
    write(
        "db/compose.yml",
        """
        services:
          db: {image: b, env_file: db.env, volumes: ["./data:/data"], networks: [back], secrets: [s]}
        networks: {back: }
        secrets: {s: {file: secret.txt}}
        """);

    ComposeFile file =
        load("{include: [db/compose.yml], services: {web: {image: a, networks: [back]}}}");

    assertThat(file.services()).containsOnlyKeys("web", "db");
    assertThat(environment(file, "db", "A")).isEqualTo("1");
    assertThat(source(file, "db")).isEqualTo(dir.resolve("db/data").toString());
    assertThat(ComposeFile.data(file.section("secrets").get("s"))).isEqualTo("Z2VoZWlt");
    assertThat(file.root().has("include")).isFalse();
  }

  @Test
  void severalFilesOfOneEntryAreMerged() throws IOException {
    write("a/one.yml", "services: {x: {image: one, user: u, volumes: ['./v:/v']}}");
    write("b/two.yml", "services: {x: {image: two}}");

    ComposeFile file = load("{include: [{path: [a/one.yml, b/two.yml]}]}");

    assertThat(file.services().get("x").text("image")).isEqualTo("two");
    assertThat(file.services().get("x").text("user")).isEqualTo("u");
    assertThat(source(file, "x")).isEqualTo(dir.resolve("a/v").toString());
  }

  @Test
  void anEntryMayNameItsDirectory() throws IOException {
    write("a/one.yml", "services: {x: {image: one, volumes: ['./v:/v']}}");

    ComposeFile file = load("include: [{path: a/one.yml, project_directory: other}]");

    assertThat(source(file, "x")).isEqualTo(dir.resolve("other/v").toString());
  }

  @Test
  void anEntryMayHaveVariablesOfItsOwn() throws IOException {
    write("a.env", "TAG=7\nOURS=theirs\n");
    write("a.yml", "services: {x: {image: 'i:$TAG', user: $OURS}}");

    ComposeFile file =
        load(
            "{include: [{path: a.yml, env_file: a.env}],"
                + " services: {web: {image: 'i:${TAG:-none}'}}}");

    assertThat(file.services().get("x").text("image")).isEqualTo("i:7");
    assertThat(file.services().get("x").text("user")).isEqualTo("ours");
    assertThat(file.services().get("web").text("image")).isEqualTo("i:none");
  }

  @Test
  void anIncludedFileIncludesAndExtendsFromItsOwnPlace() throws IOException {
    write(
        "a/a.yml", "{include: [../b/b.yml], services: {a: {extends: {service: z, file: z.yml}}}}");
    write("a/z.yml", "services: {z: {image: z}}");
    write("b/b.yml", "services: {b: {image: b}}");

    assertThat(load("include: [a/a.yml]").services()).containsOnlyKeys("a", "b");
  }

  @Test
  void aFurtherFileChangesWhatIsIncluded() throws IOException {
    write("a.yml", "services: {a: {image: a}}");
    Path first = write("stack.yml", "include: [a.yml]");
    Path second = write("over.yml", "services: {a: {image: b}}");

    assertThat(Compose.load(List.of(first, second), Map.of()).services().get("a").text("image"))
        .isEqualTo("b");
  }

  @Test
  void oneFileMayBeIncludedOnTwoWays() throws IOException {
    write("a.yml", "include: [c.yml]");
    write("b.yml", "include: [c.yml]");
    write("c.yml", "services: {c: {image: c}}");

    assertThat(load("include: [a.yml, b.yml]").services()).containsOnlyKeys("c");
  }

  @Test
  void aNameMustNotBeDeclaredTwice() throws IOException {
    write("a.yml", "services:\n  web: {image: b}\nnetworks: {n: }\n");
    write("b.yml", "networks: {n: }\n");

    assertThat(errors("include: [a.yml, b.yml]\nservices:\n  web: {image: a}\n"))
        .containsExactly(
            "stack.yml:3:3: 'services.web' is also declared in a.yml:2:3; rename one, or change it"
                + " by a further -c file",
            "b.yml:1:12: 'networks.n' is also declared in a.yml:3:12; rename one, or change it by a"
                + " further -c file");
  }

  @Test
  void everythingWrongIsToldWithItsPlace() throws IOException {
    write("a.yml", "services: {a: {imag: a}}");
    write("self.yml", "include: [stack.yml]");

    assertThat(
            errors(
                """
                include:
                  - gone.yml
                  - a.yml
                  - https://example.org/x.git
                  - {path: [], env_file: e}
                  - {path: self.yml, env_file: gone.env}
                  - {paths: x}
                services: {web: {image: a}}
                """))
        .containsExactly(
            "stack.yml:2:5: there is no file 'gone.yml'",
            "stack.yml:4:5: include: 'https://example.org/x.git' is not a file; only files can be"
                + " included, so fetch it first",
            "stack.yml:5:5: include: name at least one file under 'path'",
            "stack.yml:6:32: include: env_file: there is no file 'gone.env'",
            "stack.yml:7:5: include: name at least one file under 'path'",
            "stack.yml:7:6: unknown key 'paths' in include[5]; did you mean 'path'?",
            "a.yml:1:16: unknown key 'imag' in services.a; did you mean 'image'?",
            "self.yml:1:11: include: 'stack.yml' includes itself by way of self.yml; remove one of"
                + " them");
  }

  @Test
  void filesThatMultiplyAreRefused() throws IOException {
    int deep = 10;
    for (int i = 0; i < deep; i++) {
      String next = i + 1 < deep ? "include: [%d.yml, %d.yml]".formatted(i + 1, i + 101) : "x-a: 1";
      write(i + ".yml", next);
      write(i + 100 + ".yml", next);
    }

    assertThat(errors("include: [0.yml, 100.yml]"))
        .isNotEmpty()
        .allSatisfy(e -> assertThat(e).contains("more than 200 files are included"));
  }

  @Test
  void theSourceConfinesWhatIsIncludedAndExtended() throws IOException {
    Path inside =
        write(
            "in/stack.yml",
            "include: [../out.yml]\nservices: {a: {extends: {service: b, file: ../out.yml}}}");
    write("out.yml", "services: {b: {image: b}}");
    FileSource confined =
        (path, limit) -> {
          if (!path.startsWith(dir.resolve("in"))) {
            throw new IOException("'" + path.getFileName() + "' is outside of the checkout");
          }
          return FileSource.LOCAL.read(path, limit);
        };

    Throwable thrown = catchThrowable(() -> Compose.load(List.of(inside), Map.of(), confined));

    assertThat(((ComposeException) thrown).problems())
        .extracting(p -> p.mark().line() + ":" + p.mark().column() + ": " + p.message())
        .containsExactly(
            "1:11: 'out.yml' is outside of the checkout",
            "2:44: 'out.yml' is outside of the checkout");
  }
}
