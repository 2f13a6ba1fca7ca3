package dev.skep.deployer.heal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.deployer.revision.Revisions;
import dev.skep.deployer.revision.SomeRevisions;
import dev.skep.deployer.state.Deployments;
import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Deployment.Phase;
import dev.skep.model.stack.Revision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HealsTest {
  /**
   * Newest first.
   *
   * @param outcomes as of {@link SomeRevisions}, and {@code heal N} and {@code bad heal N}
   */
  private static List<Revision> revisions(String... outcomes) {
    List<Revision> all = new ArrayList<>();
    for (String outcome : outcomes) {
      int at = outcome.indexOf("heal ");
      boolean bad = outcome.startsWith("bad");
      String plain = at < 0 ? outcome : bad ? "bad" : "good";
      Revision last = SomeRevisions.of(plain).getFirst();
      long number = all.size() + 1L;
      all.addFirst(
          new Revision(
              "s",
              number,
              (at < 0 ? "c" : PastHeal.COMMAND) + number,
              at < 0 ? "api" : PastHeal.BY,
              Instant.ofEpochSecond(number),
              last.source(),
              false,
              at < 0 ? 0 : Long.parseLong(outcome.substring(at + 5)),
              null,
              null,
              last.phase(),
              last.error(),
              null,
              null,
              null,
              null));
    }
    return all;
  }

  private static List<Long> outdated(int keep, String... outcomes) {
    return Revisions.outdated(revisions(outcomes), keep).stream().map(Revision::number).toList();
  }

  @Test
  void ofRestorationsOfTheSameTheNewestIsKept() {
    assertThat(outdated(9, "good", "good", "heal 2", "heal 2", "heal 2")).containsExactly(4L, 3L);
    assertThat(outdated(9, "good", "heal 1", "good", "heal 3")).isEmpty();
  }

  @Test
  void restorationsDoNotCrowdOutWhatPeopleDeployed() {
    assertThat(outdated(3, "good", "good", "heal 2", "heal 2", "heal 2"))
        .doesNotContain(1L, 2L, 5L);
  }

  @Test
  void aGoodRestorationStaysWhereNothingElseIsGood() {
    List<Revision> withoutOrigin =
        revisions("good", "heal 1", "bad heal 1").stream().filter(r -> r.number() != 1).toList();

    assertThat(Heals.repeated(withoutOrigin)).isEmpty();
    assertThat(Heals.repeated(revisions("good", "heal 1", "bad heal 1")))
        .extracting(Revision::number)
        .containsExactly(2L);
  }

  @Test
  void aRollbackFromARestorationGoesBehindWhatWasRestored() {
    assertThat(Revisions.rollbackTarget(revisions("good", "good", "heal 2")))
        .map(Revision::number)
        .contains(1L);
  }

  @Test
  void whatIsRestoredIsNeverARestorationItself() {
    assertThat(revisions("good", "good", "heal 2", "bad heal 2"))
        .extracting(Heals::restored)
        .containsExactly(2L, 2L, 2L, 1L);
  }

  private static Deployment deployment(long revision, String by, Phase phase) {
    Instant at = Instant.ofEpochSecond(revision);
    String command = (by.equals(PastHeal.BY) ? PastHeal.COMMAND : "c") + revision;
    return new Deployment("s", revision, command, by, phase, List.of(), "", at, null);
  }

  @Test
  void ofDeploymentsThatOnlyRestoreTheNewestInARowIsRemembered() {
    List<Deployment> all =
        List.of(
            deployment(1, "api", Phase.SUCCEEDED),
            deployment(2, PastHeal.BY, Phase.SUCCEEDED),
            deployment(3, "api", Phase.SUCCEEDED),
            deployment(4, PastHeal.BY, Phase.SUCCEEDED),
            deployment(5, PastHeal.BY, Phase.FAILED),
            deployment(6, PastHeal.BY, Phase.RUNNING));

    assertThat(Deployments.outdated("s", 9, all))
        .extracting(Deployment::revision)
        .containsExactly(5L, 4L);
  }

  @Test
  void whatARevisionRemembersOfItsRestorationIsReadBack() {
    Set<String> keys = Set.of("web:/TaskTemplate/ContainerSpec/Image", "worker");
    Revision begun = revisions("good", "heal 1").getFirst();

    Revision noted = PastHeal.note(begun, PastHeal.about("s", 1, 3, keys));

    assertThat(PastHeal.of(noted)).contains(new PastHeal(begun.at(), 3, false, keys));
    assertThat(PastHeal.of(revisions("good").getFirst())).isEmpty();
    assertThat(PastHeal.note(begun, null)).isEqualTo(begun);
  }
}
