package dev.skep.deployer.source.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.testing.RequiresCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the real age on the other side. */
@RequiresCommand("age")
class AgeIT {
  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 65_536, 200_000})
  void whatAgeEncryptsIsOpened(int size) throws Exception {
    byte[] clear = new byte[size];
    Path file = Files.write(dir.resolve("clear"), clear);
    Path binary = dir.resolve("binary.age");
    Path armored = dir.resolve("armored.age");

    run("age", "-r", TestAge.TWO, "-r", TestAge.ONE, "-o", binary.toString(), file.toString());
    run("age", "-a", "-r", TestAge.ONE, "-o", armored.toString(), file.toString());

    for (Path encrypted : List.of(binary, armored)) {
      byte[] content = Files.readAllBytes(encrypted);
      assertThat(AgeFile.is(content)).isTrue();
      assertThat(AgeFile.open(content, one(), 1_000_000)).isEqualTo(clear);
    }
  }

  @Test
  void ageOpensWhatTheTestsEncrypt() throws Exception {
    Path key = Files.writeString(dir.resolve("key"), TestAge.ONE_KEY);
    Path file =
        Files.writeString(
            dir.resolve("x.age"), TestAge.armored("hunter2".getBytes(UTF_8), TestAge.ONE));

    assertThat(run("age", "-d", "-i", key.toString(), file.toString())).isEqualTo("hunter2");
  }

  private Identities one() throws Exception {
    return Identities.read(Optional.of(Files.writeString(dir.resolve("one"), TestAge.ONE_KEY)));
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(out).isZero();
    return out;
  }
}
