package dev.skep.deployer.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.skep.deployer.convert.Converter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings under x-skep: an env file and further files, for the first file alone. */
class SkepSettingsTest {
  private static final String SERVICE = "\nservices: {web: {image: 'a:${TAG:-none}'}}\n";

  @TempDir Path dir;

  private Path write(String name, String content) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private SkepSettings read(String settings, Map<String, String> env) throws IOException {
    return SkepSettings.read(List.of(write("stack.yml", "x-skep: " + settings + SERVICE)), env);
  }

  /** "FILE:LINE:COLUMN: message" for each error. */
  private List<String> errors(String settings) throws IOException {
    Path file = write("stack.yml", "x-skep: " + settings + SERVICE);
    ComposeException e =
        catchThrowableOfType(
            ComposeException.class, () -> SkepSettings.read(List.of(file), Map.of()));
    assertThat(e).as("no error was told").isNotNull();
    return e.problems().stream().map(p -> p.toString().replace(dir + "/", "")).toList();
  }

  @Test
  void aFileWithoutSettingsIsReadAsItIs() throws IOException {
    Path file = write("stack.yml", SERVICE);
    write(".env", "TAG=1");

    SkepSettings settings = SkepSettings.read(List.of(file), Map.of("A", "b"));

    assertThat(settings).isEqualTo(new SkepSettings(List.of(file), Map.of("A", "b"), List.of()));
  }

  @Test
  void theEnvFileBesideTheFileGivesVariablesAndTheEnvironmentWins() throws IOException {
    write(".env", "TAG=1\nOTHER=2\n");

    SkepSettings settings = read("{env-file: .env}", Map.of("OTHER", "mine"));

    assertThat(settings.variables()).isEqualTo(Map.of("TAG", "1", "OTHER", "mine"));
    assertThat(settings.notices()).containsExactly("reading .env, as x-skep says");
  }

  @Test
  void aMissingEnvFileIsFineUnlessItIsRequired() throws IOException {
    assertThat(read("{env-file: .env}", Map.of()).notices()).isEmpty();
    assertThat(errors("{env-file: .env, required: true}"))
        .containsExactly("stack.yml:1:20: x-skep.env-file: there is no file '.env'");
  }

  @Test
  void overridesAreMergedAfterTheFirstFileAndBeforeTheOthers() throws IOException {
    Path first = write("stack.yml", "x-skep: {env-file: .env, override: \"${OVER:-}\"}" + SERVICE);
    Path last = write("last.yml", "services: {web: {image: last}}");
    write(".env", "OVER='lab/one.yml, lab/two.yml'");
    write("lab/one.yml", "services: {web: {image: one, hostname: one}}");
    write("lab/two.yml", "services: {web: {image: two, user: two}}");

    SkepSettings settings = SkepSettings.read(List.of(first, last), Map.of());

    assertThat(settings.files())
        .containsExactly(first, dir.resolve("lab/one.yml"), dir.resolve("lab/two.yml"), last);
    assertThat(settings.notices())
        .contains("merging lab/one.yml, as x-skep says", "merging lab/two.yml, as x-skep says");
    Value.Fields web = Compose.load(settings.files(), settings.variables()).services().get("web");
    assertThat(List.of(web.text("image"), web.text("hostname"), web.text("user")))
        .containsExactly("last", "one", "two");
  }

  @Test
  void anEmptyOverrideIsNone() throws IOException {
    assertThat(read("{override: \"${OVER:-}\"}", Map.of()).files()).hasSize(1);
    assertThat(read("{override: }", Map.of()).files()).hasSize(1);
  }

  @Test
  void onlyTheFirstFileIsAsked() throws IOException {
    Path first = write("stack.yml", SERVICE);
    Path second = write("second.yml", "x-skep: {env-file: gone, required: true}" + SERVICE);

    assertThat(SkepSettings.read(List.of(first, second), Map.of()).files())
        .containsExactly(first, second);
  }

  @Test
  void whatReadsAFileForOthersDoesNotFollowIt() throws IOException {
    Path file = write("stack.yml", "x-skep: {env-file: .env, override: over.yml}" + SERVICE);
    write(".env", "TAG=1");
    write("over.yml", "services: {web: {image: over}}");

    String objects =
        Converter.convert(Compose.load(List.of(file), Map.of()), "s").toJson().toString();

    assertThat(objects).contains("\"a:none\"").doesNotContain("over\"");
  }

  @Test
  void everythingWrongIsToldWithItsPlace() throws IOException {
    write(".env", "A=1\nnonsense\nB=$HOME\n");

    assertThat(errors("{env-file: .env, override: gone.yml}"))
        .containsExactly(
            ".env:2:1: not KEY=VALUE, nor a comment",
            ".env:3:3: a shell would not read '$' as it is: use '...'",
            "stack.yml:1:36: x-skep.override: there is no file 'gone.yml'");
    assertThat(errors("{envfile: .env}"))
        .containsExactly(
            "stack.yml:1:10: unknown key 'envfile' in x-skep; did you mean 'env-file'?");
    assertThat(errors("{override: [a.yml]}"))
        .singleElement()
        .asString()
        .startsWith("stack.yml:1:20: 'x-skep.override' must be a string");
    assertThat(errors("[]")).singleElement().asString().contains("must be a mapping");
    assertThat(errors("{override: \"${X:?say it}\"}"))
        .containsExactly("stack.yml:1:20: required variable X is missing a value: say it");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '^',
      delimiter = '|',
      value = {
        "A=plain|plain",
        "export A=x:y/z@1.2,3|x:y/z@1.2,3",
        "A=|^^",
        "A='$as `it` \"is'|$as `it` \"is",
        "A=\"a \\\"b\\\" \\$c \\\\d \\n\"|a \"b\" $c \\d \\n",
        "A=one\"two \"'three'|onetwo three",
        "A=a\\ b|a b",
        "A=a#b|a#b",
        "A=value   # a comment|value",
        "  A=indented|indented"
      })
  void valuesAreReadAsAShellReadsThem(String line, String value) throws Exception {
    Path file = write("env", line + "\n");
    Problems problems = new Problems();

    Map<String, String> read = ShellEnvFile.parse("env", Files.readString(file), problems);

    assertThat(problems.hasErrors()).isFalse();
    assertThat(read).isEqualTo(Map.of("A", value));
    assertThat(shell(file)).isEqualTo(value);
  }

  private static String shell(Path file) throws Exception {
    Process sh =
        new ProcessBuilder("sh", "-c", "set -a; . \"$1\"; env -0", "sh", file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String env =
        new String(sh.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    return java.util.Arrays.stream(env.split("\0", -1))
        .filter(e -> e.startsWith("A="))
        .map(e -> e.substring(2))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '^',
      delimiter = '|',
      value = {
        "A=a b|5",
        "A='open|3",
        "A=\"$HOME\"|4",
        "A=$(id)|3",
        "A=a;id|4",
        "A=~/x|3",
        "A = b|1",
        "A=x\\|4"
      })
  void whatOnlyAShellCouldReadIsAnError(String line, int column) {
    Problems problems = new Problems();

    Map<String, String> read = ShellEnvFile.parse("env", line, problems);

    assertThat(read).isEmpty();
    ComposeException e = catchThrowableOfType(ComposeException.class, problems::check);
    assertThat(e.problems()).singleElement().extracting(p -> p.mark().column()).isEqualTo(column);
  }
}
