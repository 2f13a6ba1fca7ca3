package dev.skep.deployer.source.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.deployer.source.read.Opening.TryAgainException;
import dev.skep.deployer.source.secret.SopsDocument.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a script in the program's place: it records what it is given and does what a test says. */
class SopsProgramTest {
  private static final long LIMIT = 1000;

  @TempDir Path dir;
  private Identities identities;

  @BeforeEach
  void key() throws Exception {
    Path file = Files.writeString(dir.resolve("key"), TestAge.ONE_KEY + "\n" + TestAge.TWO_KEY);
    identities = Identities.read(Optional.of(file));
  }

  @Test
  void isGivenTheDocumentAndTheIdentitiesAndNothingElse() throws Exception {
    SopsProgram sops =
        recordingSops(
            """
            printf '%%s\\n' "$@" >%1$s/arguments
            /bin/cat /proc/$$/environ >%1$s/environment
            /bin/cat >%1$s/input
            pwd >%1$s/directory
            printf 'A=clear\\n'
            """
                .formatted(dir));

    byte[] clear = sops.decrypt("x.env", Format.DOTENV, bytes("A=hidden"), identities, LIMIT);

    assertThat(clear).asString(UTF_8).isEqualTo("A=clear\n");
    assertThat(dir.resolve("input")).hasContent("A=hidden");
    assertThat(dir.resolve("arguments"))
        .hasContent(
            "decrypt\n--decryption-order\nage\n--input-type\ndotenv\n--output-type\ndotenv\n"
                + "/dev/stdin");
    assertThat(Files.readString(dir.resolve("environment")))
        .isEqualTo("SOPS_AGE_KEY=" + TestAge.ONE_KEY + "\n" + TestAge.TWO_KEY + "\0");
    assertThat(dir.resolve("directory")).hasContent("/");
  }

  @Test
  void opensWhatItsSourceHasAnIdentityFor() throws Exception {
    Decryption decryption =
        new Decryption(identities, recordingSops("printf 'services: {}'; /bin/cat >/dev/null"));

    for (String document :
        List.of(
            TestSops.yaml(TestAge.TWO), TestSops.json(TestAge.ONE), TestSops.dotenv(TestAge.TWO))) {
      assertThat(decryption.open("compose.yml", bytes(document), LIMIT))
          .asString(UTF_8)
          .isEqualTo("services: {}");
    }
  }

  @Test
  void isFoundOnThePathOrWhereItIsSaidToBe() throws Exception {
    recordingSops("printf found");
    SopsProgram onPath =
        new SopsProgram(
            "recording-sops", List.of(dir.resolve("none"), dir), Duration.ofSeconds(20));

    assertThat(onPath.decrypt("x", Format.YAML, bytes(""), identities, LIMIT))
        .asString(UTF_8)
        .isEqualTo("found");
    assertThatThrownBy(
            () ->
                new SopsProgram("/no/sops", List.of(), Duration.ofSeconds(1))
                    .decrypt("a/x", Format.YAML, bytes(""), identities, LIMIT))
        .hasMessageContaining("'a/x' is encrypted by SOPS, and there is no program '/no/sops'");
  }

  @Test
  void whatItSaysIsToldInOurWords() throws Exception {
    assertThatThrownBy(() -> run("echo 'MAC mismatch. File has hunter2' >&2; exit 51"))
        .hasMessage(
            "'x' cannot be opened by SOPS: it was changed after it was encrypted; change it by"
                + " 'sops edit'");
    assertThatThrownBy(
            () -> run("echo 'flag provided but not defined: -decryption-order' >&2; exit 1"))
        .hasMessageContaining("3.9 or later is needed");
    assertThatThrownBy(() -> run("echo 'Error: cannot operate on non-existent file' >&2; exit 100"))
        .hasMessageContaining("3.9 or later is needed");
    assertThatThrownBy(() -> run("printf hunter2; echo hunter2 >&2; exit 128"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ended with status 128")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void oneThatDoesNotEndIsEndedAndTriedAgain() throws Exception {
    SopsProgram stuck = recordingSops("exec /bin/sleep 600", Duration.ofMillis(200));

    assertThatThrownBy(() -> stuck.decrypt("x", Format.YAML, bytes(""), identities, LIMIT))
        .isInstanceOf(TryAgainException.class)
        .hasMessageContaining("'x' was not opened by SOPS within");
  }

  @Test
  void oneThatWritesWithoutEndIsEnded() throws Exception {
    assertThat(run("while :; do echo more; done")).hasSize((int) LIMIT + 1);
  }

  @Test
  void complaintsWithoutEndKeepNobodyWaiting() throws Exception {
    assertThat(run("/usr/bin/head -c 300000 /dev/zero >&2; printf clear"))
        .asString(UTF_8)
        .isEqualTo("clear");
  }

  @Test
  void oneThatDoesNotReadItsInputIsNoHindrance() throws Exception {
    byte[] large = new byte[2_000_000];

    assertThat(recordingSops("printf clear").decrypt("x", Format.JSON, large, identities, LIMIT))
        .asString(UTF_8)
        .isEqualTo("clear");
  }

  private byte[] run(String script) throws IOException {
    return recordingSops(script).decrypt("x", Format.YAML, bytes("in"), identities, LIMIT);
  }

  private SopsProgram recordingSops(String script) throws IOException {
    return recordingSops(script, Duration.ofSeconds(20));
  }

  private SopsProgram recordingSops(String script, Duration time) throws IOException {
    Path program = dir.resolve("recording-sops");
    Files.writeString(program, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return new SopsProgram(program.toString(), List.of(), time);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
