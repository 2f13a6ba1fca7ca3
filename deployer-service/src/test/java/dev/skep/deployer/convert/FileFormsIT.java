package dev.skep.deployer.convert;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.skep.deployer.compose.Compose;
import dev.skep.deployer.compose.ComposeCases;
import dev.skep.deployer.compose.ComposeException;
import dev.skep.testing.RequiresCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Encodings, line ends, documents: we take what the client takes, and make the same of it. */
@RequiresCommand("docker")
class FileFormsIT {
  private static final String STACK = "dt-forms";
  private static final String SIMPLE = "services:\n  web:\n    image: a\n    user: é\n";

  private static final Map<String, byte[]> TAKEN = new TreeMap<>();
  private static final Map<String, byte[]> REFUSED = new TreeMap<>();

  static {
    TAKEN.put("byte order mark", ("\uFEFF" + SIMPLE).getBytes(UTF_8));
    TAKEN.put("UTF-16, little end first", ("\uFEFF" + SIMPLE).getBytes(UTF_16LE));
    TAKEN.put("UTF-16, big end first", ("\uFEFF" + SIMPLE).getBytes(UTF_16BE));
    TAKEN.put("lines of Windows", SIMPLE.replace("\n", "\r\n").getBytes(UTF_8));
    TAKEN.put(
        "block text with lines of Windows",
        "services:\r\n  web:\r\n    image: a\r\n    command: |\r\n      x\r\n      y\r\n"
            .getBytes(UTF_8));
    TAKEN.put("no end of line", SIMPLE.strip().getBytes(UTF_8));
    TAKEN.put("comments around", ("# one\n\n---\n" + SIMPLE + "# two\n...\n").getBytes(UTF_8));
    TAKEN.put("two documents", (SIMPLE + "---\nservices: {x: 5}\n").getBytes(UTF_8));
    TAKEN.put("a second document that is none", (SIMPLE + "---\n[\n").getBytes(UTF_8));
    TAKEN.put("rubbish behind the end", (SIMPLE + "...\n}}\n").getBytes(UTF_8));
    TAKEN.put(
        "JSON with tabs",
        "{\n\t\"services\": {\n\t\t\"web\": {\"image\": \"a\", \"user\": \"\\u00e9\"}\n\t}\n}\n"
            .getBytes(UTF_8));
    TAKEN.put("blanks at the ends", SIMPLE.replace("\n", "  \n").getBytes(UTF_8));
    TAKEN.put("tabs at the ends", "services:\t\n  web:\t# web\n    image: a\t\n".getBytes(UTF_8));
    TAKEN.put(
        "tabs behind colons",
        """
        services:
          web:
            image:\ta
            labels:\t\t{a:\tb, c: "d:\te"}
            user:\té
            command: |
              a:\tb
        """
            .getBytes(UTF_8));
    REFUSED.put(
        "a tab behind a dash",
        "services:\n  web:\n    image: a\n    command:\n      -\t- x\n".getBytes(UTF_8));
    REFUSED.put("nothing", new byte[0]);
    REFUSED.put("comments alone", "# nothing\n".getBytes(UTF_8));
    REFUSED.put("an empty document first", ("---\n---\n" + SIMPLE).getBytes(UTF_8));
    REFUSED.put("Latin-1", SIMPLE.getBytes(ISO_8859_1));
    REFUSED.put("indented by tabs", "services:\n\tweb:\n\t\timage: a\n".getBytes(UTF_8));
    REFUSED.put("control characters", SIMPLE.replace("é", "\u0001").getBytes(UTF_8));
    REFUSED.put("half a character", "services: {web: {image: \"a\u00e9".getBytes(ISO_8859_1));
    REFUSED.put(
        "wrong indentation", "services:\n  web:\n    image: a\n   user: b\n".getBytes(UTF_8));
  }

  @TempDir Path dir;

  @BeforeAll
  static void findClient() throws Exception {
    assumeTrue(
        DockerClient.isTheRecorded(),
        "docker's client " + DockerClient.RECORDED + " is not installed");
  }

  static Stream<String> taken() {
    return TAKEN.keySet().stream();
  }

  static Stream<String> refused() {
    return REFUSED.keySet().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("taken")
  void theSameIsMadeOf(String form) throws Exception {
    Path file = Files.write(dir.resolve("f.yml"), TAKEN.get(form));

    StackObjects ours =
        Converter.convert(Compose.load(List.of(file), ComposeCases.VARIABLES), STACK);

    assertThat(Comparison.canonical(ours.toJson())).isEqualTo(byCli(file));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void bothRefuse(String form) throws Exception {
    Path file = Files.write(dir.resolve("f.yml"), REFUSED.get(form));

    Throwable ours = catchThrowable(() -> Compose.load(List.of(file), ComposeCases.VARIABLES));

    try (RecordingEngine engine = new RecordingEngine()) {
      DockerClient.Run theirs =
          DockerClient.deploy(engine, STACK, List.of(file), ComposeCases.VARIABLES);
      assertThat(theirs.exit()).as(theirs.output()).isNotZero();
    }
    assertThat(ours).isInstanceOf(ComposeException.class);
  }

  /** An env_file has forms of its own. */
  @ParameterizedTest(name = "{index}")
  @MethodSource("envFiles")
  void theSameIsReadOfAnEnvFile(String content) throws Exception {
    Files.writeString(dir.resolve("x.env"), content);
    Path file =
        Files.writeString(dir.resolve("f.yml"), "services: {web: {image: a, env_file: x.env}}");

    StackObjects ours =
        Converter.convert(Compose.load(List.of(file), ComposeCases.VARIABLES), STACK);

    assertThat(Comparison.canonical(ours.toJson())).isEqualTo(byCli(file));
  }

  static Stream<String> envFiles() {
    return Stream.of(
        "",
        "\uFEFFA=1\nB=2",
        "A=1\r\nB=\"2\"\r\n\r\n# no\r\nC='3' \r\n",
        "A=$DT_SET\nB=${DT_SET}\nC=$$\nD=a#b # c\n",
        "DT_SET\nDT_UNSET\nDT_EMPTY\nDT_SET2=\nDT_TAG=\n",
        "A=1\nA=2\nB==\nC= =\nd.e-f=x\n9=y\n",
        "   A=1\n\tB=2\n  # no\nC=\ttab\t\n",
        "A=a\\nb\nB=\"x\ny=z\"\n",
        "A=é\né=A\n");
  }

  private static String byCli(Path file) throws Exception {
    try (RecordingEngine engine = new RecordingEngine()) {
      DockerClient.Run run =
          DockerClient.deploy(engine, STACK, List.of(file), ComposeCases.VARIABLES);
      assertThat(run.exit()).as(run.output()).isZero();
      return Comparison.sent(engine);
    }
  }
}
