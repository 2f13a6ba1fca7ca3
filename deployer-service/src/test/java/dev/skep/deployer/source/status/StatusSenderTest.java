package dev.skep.deployer.source.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.skep.deployer.source.declare.StatusTarget;
import dev.skep.deployer.source.status.CommitStatus.State;
import dev.skep.deployer.source.status.RecordingHost.Asked;
import dev.skep.deployer.source.status.StatusSender.NotSentException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusSenderTest {
  private static final String TOKEN = "glpat-hunter2";
  private static final CommitStatus FAILED =
      new CommitStatus("c0ffee", "skep/shop", State.FAILURE, "service shop_web: no such image");

  private final StatusSender sender = new StatusSender();
  @TempDir Path dir;
  private RecordingHost host;
  private Path token;

  @BeforeEach
  void start() throws Exception {
    host = new RecordingHost();
    token = Files.writeString(dir.resolve("token"), TOKEN + "\n");
  }

  @AfterEach
  void stop() {
    sender.close();
    host.close();
  }

  @Test
  void gitHubIsTold() throws Exception {
    assertThat(send(StatusTarget.Provider.GITHUB, "team/shop", FAILED)).isEmpty();

    Asked asked = host.asked().getFirst();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.path()).isEqualTo("/api/repos/team/shop/statuses/c0ffee");
    assertThat(asked.headers())
        .containsEntry("authorization", "Bearer " + TOKEN)
        .containsEntry("accept", "application/vnd.github+json")
        .containsEntry("x-github-api-version", "2022-11-28")
        .containsEntry("content-type", "application/json")
        .containsEntry("user-agent", "skep");
    assertThat(asked.body().toString())
        .isEqualTo(
            "{\"state\":\"failure\",\"context\":\"skep/shop\","
                + "\"description\":\"service shop_web: no such image\"}");
  }

  @Test
  void giteaIsTold() throws Exception {
    assertThat(send(StatusTarget.Provider.GITEA, "team/a shop", FAILED)).isEmpty();

    Asked asked = host.asked().getFirst();
    assertThat(asked.path()).isEqualTo("/api/repos/team/a%20shop/statuses/c0ffee");
    assertThat(asked.headers()).containsEntry("authorization", "token " + TOKEN);
    assertThat(asked.body().toString())
        .isEqualTo(
            "{\"state\":\"failure\",\"context\":\"skep/shop\","
                + "\"description\":\"service shop_web: no such image\"}");
  }

  @Test
  void gitLabIsToldByThePathOfTheProjectAndWithTheBranch() throws Exception {
    assertThat(send(StatusTarget.Provider.GITLAB, "group/team/shop", FAILED)).isEmpty();

    Asked asked = host.asked().getFirst();
    assertThat(asked.path()).isEqualTo("/api/projects/group%2Fteam%2Fshop/statuses/c0ffee");
    assertThat(asked.headers())
        .containsEntry("private-token", TOKEN)
        .doesNotContainKey("authorization");
    assertThat(asked.body().toString())
        .isEqualTo(
            "{\"state\":\"failed\",\"name\":\"skep/shop\",\"ref\":\"main\","
                + "\"description\":\"service shop_web: no such image\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "PENDING, pending, pending",
    "SUCCESS, success, success",
    "FAILURE, failure, failed",
    "ERROR, error, failed"
  })
  void eachStateHasTheHostsName(State state, String common, String gitLab) throws Exception {
    CommitStatus status = new CommitStatus("c0ffee", "skep/shop", state, "d");

    send(StatusTarget.Provider.GITEA, "team/shop", status);
    send(StatusTarget.Provider.GITLAB, "team/shop", status);

    assertThat(host.asked())
        .extracting(a -> a.body().path("state").asText())
        .containsExactly(common, gitLab);
  }

  @Test
  void aRedirectionIsNotFollowed() throws Exception {
    try (RecordingHost other = new RecordingHost()) {
      host.answers(307, "", Map.of("Location", other.url() + "/api"));

      assertThatThrownBy(() -> send(StatusTarget.Provider.GITEA, "team/shop", FAILED))
          .isInstanceOf(NotSentException.class)
          .hasMessageContaining("redirections are not followed");
      assertThat(other.asked()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 429, 500, 502})
  void whatMayGoWellLaterIsTriedAgain(int code) {
    host.answers(code, "{\"message\":\"" + TOKEN + "\"}", Map.of());

    assertThatThrownBy(() -> send(StatusTarget.Provider.GITHUB, "team/shop", FAILED))
        .isInstanceOf(NotSentException.class)
        .hasMessageContaining("answers " + code)
        .hasMessageNotContaining(TOKEN);
  }

  @Test
  void aHostThatWantsToBeLeftAloneIs() {
    host.answers(429, "", Map.of("Retry-After", "90"));

    NotSentException e =
        catchThrowableOfType(
            NotSentException.class, () -> send(StatusTarget.Provider.GITHUB, "team/shop", FAILED));

    assertThat(e.waitFor()).contains(Duration.ofSeconds(90));
  }

  @Test
  void whatIsNotTakenIsNotSentAgain() throws Exception {
    host.answers(422, "{\"message\":\"No commit found\\n for " + TOKEN + "\"}", Map.of());

    assertThat(send(StatusTarget.Provider.GITHUB, "team/shop", FAILED))
        .hasValueSatisfying(
            why -> assertThat(why).contains("422", "No commit found").doesNotContain(TOKEN, "\n"));
  }

  @Test
  void gitLabsRefusalToStayInAStateIsNone() throws Exception {
    host.answers(
        400, "{\"message\":\"Cannot transition status via :enqueue from :pending\"}", Map.of());

    assertThat(send(StatusTarget.Provider.GITLAB, "team/shop", FAILED)).isEmpty();
  }

  @Test
  void aTokenThatCannotBeReadOrSentIsToldWithoutIt() throws Exception {
    Files.writeString(token, "two\nlines");
    assertThatThrownBy(() -> send(StatusTarget.Provider.GITHUB, "team/shop", FAILED))
        .isInstanceOf(NotSentException.class)
        .hasMessageContaining("look at its token")
        .hasMessageNotContaining("lines");
    Files.delete(token);
    assertThatThrownBy(() -> send(StatusTarget.Provider.GITHUB, "team/shop", FAILED))
        .isInstanceOf(NotSentException.class)
        .hasMessageContaining("give the deployer a secret of that name");
    assertThat(host.asked()).isEmpty();
  }

  @Test
  void aHostThatIsNotThereIsTold() {
    host.close();

    assertThatThrownBy(() -> send(StatusTarget.Provider.GITHUB, "team/shop", FAILED))
        .isInstanceOf(NotSentException.class)
        .hasMessageContaining("cannot be asked");
  }

  private Optional<String> send(StatusTarget.Provider provider, String project, CommitStatus status)
      throws Exception {
    return sender.send(
        new StatusTarget(provider, host.url() + "/api", project, token), status, "refs/heads/main");
  }
}
