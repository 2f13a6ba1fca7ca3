package dev.skep.deployer.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With real helper programs: scripts on a PATH of their own. */
class RegistryCredentialsTest {
  private static final List<String> IMAGES = List.of("app:1", "r.example/app:1", "r.example/b");

  @TempDir Path dir;

  private Map<String, String> env() {
    return Map.of("HOME", dir.toString(), "PATH", dir + ":" + System.getenv("PATH"));
  }

  private RegistryCredentials credentials(String config) throws IOException {
    Files.createDirectories(dir.resolve(".docker"));
    Files.writeString(dir.resolve(".docker/config.json"), config);
    return RegistryCredentials.of(env());
  }

  private void helper(String name, String script) throws IOException {
    Path file = Files.writeString(dir.resolve("docker-credential-" + name), "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String decoded(String header) {
    return new String(Base64.getUrlDecoder().decode(header), StandardCharsets.UTF_8);
  }

  @Test
  void dockerConfigGoesBeforeTheHomeAndNoFileMeansNoCredentials() {
    assertThat(RegistryCredentials.of(Map.of("HOME", "/h", "DOCKER_CONFIG", "/c")).file())
        .hasToString("/c/config.json");
    assertThat(RegistryCredentials.of(Map.of("HOME", "/h")).file())
        .hasToString("/h/.docker/config.json");
    assertThat(RegistryCredentials.of(env()).headers(IMAGES)).isEmpty();
  }

  @Test
  void aHelperIsAskedOnceForEachRegistry() throws Exception {
    helper(
        "count",
        """
        read -r server
        echo "$1 $server" >>"$HOME/asked"
        echo '{"Username":"me","Secret":"hunter2"}'
        """);

    Map<String, String> headers = credentials("{\"credsStore\":\"count\"}").headers(IMAGES);

    assertThat(headers).containsOnlyKeys("docker.io", "r.example");
    assertThat(decoded(headers.get("docker.io")))
        .isEqualTo(
            "{\"username\":\"me\",\"password\":\"hunter2\",\"serveraddress\":\"https://index.docker.io/v1/\"}");
    assertThat(Files.readAllLines(dir.resolve("asked")))
        .containsExactly("get https://index.docker.io/v1/", "get r.example");
  }

  @Test
  void aHelperThatKnowsNoneGivesNone() throws Exception {
    helper("none", "echo 'credentials not found in native keychain'; exit 1");

    assertThat(credentials("{\"credsStore\":\"none\"}").headers(IMAGES)).isEmpty();
  }

  @Test
  void aHelperThatFailsIsToldWithFileHostAndCodeAndNothingThatItPrinted() throws Exception {
    helper("broken", "echo hunter2; echo hunter2 >&2; exit 3");

    assertThatThrownBy(
            () ->
                credentials("{\"credHelpers\":{\"r.example\":\"broken\"}}")
                    .headers(List.of("r.example/a")))
        .isInstanceOf(RegistryAuthException.class)
        .hasMessageContaining(".docker/config.json")
        .hasMessageContaining("no credentials for r.example")
        .hasMessageContaining("docker-credential-broken ended with 3")
        .hasMessageNotContaining("hunter2")
        .hasNoCause();
  }

  @Test
  void anAnswerThatIsNoJsonIsToldAndNotQuoted() throws Exception {
    helper("chatty", "echo hunter2");

    assertThatThrownBy(() -> credentials("{\"credsStore\":\"chatty\"}").headers(IMAGES))
        .hasMessageContaining("docker-credential-chatty is not a JSON object")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void aHelperThatIsNotThereOrHasAPathIsRefused() throws Exception {
    assertThatThrownBy(() -> credentials("{\"credsStore\":\"gone\"}").headers(IMAGES))
        .hasMessageContaining("docker-credential-gone is not on PATH");
    assertThatThrownBy(() -> credentials("{\"credsStore\":\"../x\"}").headers(IMAGES))
        .hasMessageContaining("'../x' is no name of a credential helper");
  }

  @Test
  void aHelperThatNeverAnswersIsEndedWithAllThatItStarted() throws Exception {
    helper("stuck", "echo $$ >\"$HOME/pid\"; sleep 1000 & echo $! >>\"$HOME/pid\"; wait");

    assertThatThrownBy(
            () -> new CredentialHelper(env(), Duration.ofSeconds(5)).get("stuck", "r.example"))
        .hasMessageContaining("did not answer within 5000 ms");

    for (String pid : Files.readAllLines(dir.resolve("pid"))) {
      await().until(() -> ended(pid));
    }
  }

  /** Nobody may ask for its exit code: then its entry stays. */
  private static boolean ended(String pid) throws IOException {
    try {
      return Files.readString(Path.of("/proc", pid, "stat")).contains(") Z ");
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  @Test
  void aFileThatCannotBeReadIsNamed() {
    assertThatThrownBy(() -> credentials("hunter2").headers(IMAGES))
        .isInstanceOf(RegistryAuthException.class)
        .hasMessageContaining(dir + "/.docker/config.json: not JSON at line 1")
        .hasMessageNotContaining("hunter2");
  }
}
