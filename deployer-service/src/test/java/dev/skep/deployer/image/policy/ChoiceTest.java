package dev.skep.deployer.image.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.skep.deployer.image.policy.Choice.Roll;
import dev.skep.deployer.image.policy.Choice.Stay;
import dev.skep.deployer.image.policy.Choice.TakenBack;
import dev.skep.deployer.plan.ImagePins.Pin;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChoiceTest {
  private static final String A = "@sha256:" + "a".repeat(64);
  private static final String B = "@sha256:" + "b".repeat(64);

  @Test
  void aTagThatPointsElsewhereIsFollowed() {
    Choice choice = Choice.of(service("digest", "r/app:1"), told("1", B), "r/app:1" + A, Set.of());

    assertThat(choice).isEqualTo(new Roll(image("r/app:1"), pin("r/app:1" + B)));
  }

  @Test
  void whatRunsAlreadyStays() {
    assertThat(Choice.of(service("digest", "r/app:1"), told("1", A), "r/app:1" + A, Set.of()))
        .isEqualTo(new Stay());
  }

  @Test
  void whatIsNotKnownIsPinned() {
    assertThat(Choice.of(service("digest", "r/app:1"), told("1", A), "r/app:1", Set.of()))
        .isInstanceOf(Roll.class);
    assertThat(Choice.of(service("digest", "r/app:1"), Told.NOTHING, "r/app:1" + A, Set.of()))
        .isEqualTo(new Stay());
  }

  @Test
  void whatTheStackWasTakenBackFromIsNotTriedAgain() {
    Followed service = service("digest", "r/app:1");

    assertThat(Choice.of(service, told("1", B), "r/app:1" + A, Set.of("r/app:1" + B)))
        .isEqualTo(new TakenBack("r/app:1" + B));
    assertThat(Choice.of(service, told("1", B), "r/app:1" + A, Set.of("r/app:1" + A)))
        .isInstanceOf(Roll.class);
  }

  @Test
  void theNewestVersionOfTheRangeIsTaken() {
    Followed service = service("semver ^1.4", "r/app:1.4.2");
    Told told = told(List.of("1.4.2", "1.4.9", "1.5.0", "2.0.0"), "1.5.0", B);

    assertThat(Choice.of(service, told, "r/app:1.4.2" + A, Set.of()))
        .isEqualTo(new Roll(image("r/app:1.5.0"), pin("r/app:1.5.0" + B)));
  }

  @Test
  void aVersionThatFailedGivesWayToTheOneBeforeIt() {
    Followed service = service("semver ^1.4", "r/app:1.4.2");
    Set<String> tried = Set.of("r/app:1.5.0" + A, "r/other:1.4.9" + A);

    Told both = told(List.of("1.4.2", "1.4.9", "1.5.0"), "1.4.9", B);
    assertThat(Choice.of(service, both, "", tried))
        .isEqualTo(new Roll(image("r/app:1.4.9"), pin("r/app:1.4.9" + B)));
    Told one = told(List.of("1.4.2", "1.5.0"), "1.5.0", B);
    assertThat(Choice.of(service, one, "", tried)).isEqualTo(new TakenBack("r/app:1.5.0"));
  }

  @Test
  void aVersionWhoseDigestIsNotKnownWaits() {
    Followed service = service("semver ^1.4", "r/app:1.4.2");
    Told told = new Told(Instant.EPOCH, List.of("1.5.0"), Map.of(), "", 0);

    assertThat(Choice.of(service, told, "", Set.of())).isEqualTo(new Stay());
  }

  private static Followed service(String policy, String image) {
    return new Followed("s", "s_web", ImagePolicy.of(policy), image(image), "", "");
  }

  private static ImageReference image(String name) {
    return ImageReference.of(name).orElseThrow();
  }

  private static Pin pin(String image) {
    return new Pin(image, JsonNodeFactory.instance.arrayNode());
  }

  private static Told told(String tag, String digest) {
    return told(List.of(), tag, digest);
  }

  private static Told told(List<String> tags, String tag, String digest) {
    return new Told(Instant.EPOCH, tags, Map.of(tag, pin("r/app:" + tag + digest)), "", 0);
  }
}
