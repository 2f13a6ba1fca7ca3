package dev.skep.deployer.image.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.deployer.revision.SomeRevisions;
import dev.skep.model.stack.Revision;
import dev.skep.model.stack.Revision.Image;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PastImagesTest {
  private static final String A = "app:1@sha256:" + "a".repeat(64);
  private static final String B = "app:1@sha256:" + "b".repeat(64);

  @Test
  void whatTheNewestRevisionRanIsKnown() {
    List<Revision> revisions = ran(SomeRevisions.of("good", "good"), 2, A);

    assertThat(PastImages.running("s_web", revisions)).isEqualTo(A);
    assertThat(PastImages.running("s_other", revisions)).isEmpty();
    assertThat(PastImages.running("s_web", ran(SomeRevisions.of("good", "bad"), 1, A))).isEmpty();
    assertThat(PastImages.running("s_web", List.of())).isEmpty();
  }

  @Test
  void anImageThatWasRolledAndTakenBackIsKnown() {
    List<Revision> revisions = rolled(SomeRevisions.of("good", "bad", "back 1"), 2, "s_web", B);

    assertThat(PastImages.takenBack("s_web", revisions)).containsExactly(B);
    assertThat(PastImages.takenBack("s_other", revisions)).isEmpty();
  }

  @Test
  void soIsOneThatPeopleDeployedAndTookBack() {
    List<Revision> revisions = ran(SomeRevisions.of("good", "good", "back 1"), 2, B);

    assertThat(PastImages.takenBack("s_web", revisions)).containsExactly(B);
  }

  @Test
  void rollsOfOtherServicesChangeNothingOfIt() {
    List<Revision> revisions =
        rolled(SomeRevisions.of("good", "bad", "back 1", "good"), 2, "s_web", B);

    assertThat(PastImages.takenBack("s_web", rolled(revisions, 4, "s_other", A)))
        .containsExactly(B);
  }

  @Test
  void aRepetitionOfARollbackIsOne() {
    List<Revision> revisions =
        rolled(SomeRevisions.of("good", "bad", "back 1", "back 3"), 2, "s_web", B);

    assertThat(PastImages.takenBack("s_web", revisions)).containsExactly(B);
    assertThat(PastImages.takenBack("s_web", ran(revisions, 4, A))).containsExactly(B);
  }

  @Test
  void whoDeploysAnewBeginsAnew() {
    List<Revision> revisions =
        rolled(SomeRevisions.of("good", "bad", "back 1", "good"), 2, "s_web", B);

    assertThat(PastImages.takenBack("s_web", revisions)).isEmpty();
    assertThat(PastImages.takenBack("s_web", rolled(revisions, 4, "s_web", A))).isEmpty();
  }

  @Test
  void whatLiesBeforeTheRevisionThatIsGoneBackToDoesNotCount() {
    List<Revision> revisions =
        ran(rolled(SomeRevisions.of("good", "good", "bad", "back 2"), 3, "s_web", B), 1, A);

    assertThat(PastImages.takenBack("s_web", revisions)).containsExactly(B);
  }

  private static List<Revision> rolled(
      List<Revision> revisions, long number, String service, String image) {
    List<Revision> result = new ArrayList<>();
    for (Revision r : revisions) {
      result.add(r.number() == number ? r.with(PastImages.OPTION + service, image) : r);
    }
    return result;
  }

  private static List<Revision> ran(List<Revision> revisions, long number, String image) {
    List<Image> images = List.of(new Image(image, null, List.of("s_web")));
    List<Revision> result = new ArrayList<>();
    for (Revision r : revisions) {
      result.add(r.number() == number ? r.ended("", Instant.EPOCH, null, images, List.of()) : r);
    }
    return result;
  }
}
