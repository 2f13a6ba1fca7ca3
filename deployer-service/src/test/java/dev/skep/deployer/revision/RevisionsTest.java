package dev.skep.deployer.revision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.model.stack.Deployment.Phase;
import dev.skep.model.stack.Revision;
import dev.skep.model.stack.Revision.FileUse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RevisionsTest {
  private static Optional<Long> target(String... outcomes) {
    return Revisions.rollbackTarget(SomeRevisions.of(outcomes)).map(Revision::number);
  }

  private static List<Long> outdated(int keep, String... outcomes) {
    return Revisions.outdated(SomeRevisions.of(outcomes), keep).stream()
        .map(Revision::number)
        .toList();
  }

  @Test
  void aRollbackGoesToTheLastGoodOneBeforeTheCurrentWhetherThatIsGoodOrNot() {
    assertThat(target("good", "good", "good")).contains(2L);
    assertThat(target("good", "good", "bad")).contains(2L);
    assertThat(target("good", "bad", "bad")).contains(1L);
    assertThat(target("good", "bad", "runs")).contains(1L);
  }

  @Test
  void aRemovalIsNotGoneBackToButBehind() {
    assertThat(target("good", "good", "gone")).contains(2L);
    assertThat(target("good", "gone", "good")).contains(1L);
  }

  @Test
  void aSecondRollbackGoesFurtherBackAndNotForthAgain() {
    assertThat(target("good", "good", "good", "back 2")).contains(1L);
    assertThat(target("good", "good", "good", "back 2", "back 4")).contains(1L);
    assertThat(target("good", "good", "back 1")).isEmpty();
  }

  @Test
  void whatARollbackRepeatsMayBeForgotten() {
    List<Revision> kept =
        SomeRevisions.of("good", "good", "good", "back 2").stream()
            .filter(r -> r.number() != 2)
            .toList();

    assertThat(Revisions.rollbackTarget(kept).map(Revision::number)).contains(1L);
  }

  @Test
  void withoutAnEarlierGoodOneThereIsNothingToGoBackTo() {
    assertThat(target()).isEmpty();
    assertThat(target("good")).isEmpty();
    assertThat(target("bad", "gone", "good")).isEmpty();
  }

  @Test
  void theNewestAreKeptAndTheLastGoodOneHoweverOld() {
    assertThat(outdated(2, "good", "good", "good", "good")).containsExactly(2L, 1L);
    assertThat(outdated(2, "good", "good", "bad", "bad", "bad")).containsExactly(3L, 1L);
    assertThat(outdated(2, "good", "gone", "bad", "bad")).containsExactly(2L);
    assertThat(outdated(1, "runs", "good", "runs")).containsExactly(1L);
    assertThat(outdated(5, "good", "good")).isEmpty();
  }

  @Test
  void theServicesThatCameAfterARevisionLeaveWithIt() {
    List<Revision> revisions =
        List.of(
            SomeRevisions.revision(3, Phase.FAILED, false, 0, List.of("a", "c"), List.of()),
            SomeRevisions.revision(2, Phase.SUCCEEDED, false, 0, List.of("a", "b"), List.of()),
            SomeRevisions.revision(1, Phase.SUCCEEDED, false, 0, List.of("a"), List.of()));

    assertThat(Revisions.leaving(revisions, revisions.getLast())).containsExactly("b", "c");
    assertThat(Revisions.leaving(revisions, revisions.get(1))).containsExactly("c");
  }

  @Test
  void whatKeptRevisionsNeedIsTheUnionOfWhatTheyUsed() {
    FileUse config = new FileUse("config", "s_c", "s_c-12345678");
    FileUse secret = new FileUse("secret", "s_s", "s_s");

    assertThat(
            Revisions.objectsInUse(
                List.of(
                    SomeRevisions.revision(
                        1, Phase.SUCCEEDED, false, 0, List.of(), List.of(config)),
                    SomeRevisions.revision(
                        2, Phase.SUCCEEDED, false, 0, List.of(), List.of(config, secret)))))
        .containsExactly("config s_c-12345678", "secret s_s");
  }
}
