package dev.skep.deployer.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.apply.ApplyOptions;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.source.Commands.Asked;
import dev.skep.deployer.source.Commands.Commit;
import dev.skep.deployer.source.declare.Source;
import dev.skep.deployer.source.declare.SourcesFile;
import dev.skep.deployer.state.Origin;
import dev.skep.deployer.state.StackBody;
import dev.skep.model.stack.Revision;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandsTest {
  private static final Duration LIFE = Duration.ofMinutes(5);

  private final RecordingGate gate = new RecordingGate();
  private final Source shop = source("shop", "prune: true");
  private Instant now = Instant.EPOCH;
  private final Commands commands = commands();

  @Test
  void aNewStackIsAskedForInTheSourcesName() {
    Asked asked = commands.deploy(commit(shop, "c1"), body("web", "1"));

    assertThat(asked).isInstanceOf(Asked.Pending.class);
    assertThat(gate.sent).singleElement().asString().endsWith(" web git:shop /srv/shop@c1");
  }

  @Test
  void aCommandOnItsWayIsNotSentAgain() {
    commands.deploy(commit(shop, "c1"), body("web", "1"));
    commands.deploy(commit(shop, "c1"), body("web", "1"));

    assertThat(gate.sent).hasSize(1);
  }

  @Test
  void aProcessThatStartsAnewAsksForNothingTwice() {
    commands.deploy(commit(shop, "c1"), body("web", "1"));
    gate.takeUp("web", "git:shop");

    Asked asked = commands().deploy(commit(shop, "c1"), body("web", "1"));

    assertThat(asked).isInstanceOf(Asked.Done.class);
    assertThat(gate.sent).hasSize(1);
  }

  @Test
  void aCommandThatWasNotTakenUpIsSentWithTheSameIdByTheNextProcess() {
    commands.deploy(commit(shop, "c1"), body("web", "1"));
    commands().deploy(commit(shop, "c1"), body("web", "1"));

    assertThat(gate.sent).hasSize(2);
    assertThat(gate.sent.get(0)).isEqualTo(gate.sent.get(1));
  }

  @Test
  void aCommitThatChangesNothingAsksForNothing() {
    commands.deploy(commit(shop, "c1"), body("web", "1"));
    gate.takeUp("web", "git:shop");

    assertThat(commands.deploy(commit(shop, "c2"), body("web", "1"))).isEqualTo(new Asked.Done(""));
    assertThat(commands.deploy(commit(shop, "c3"), body("web", "2")))
        .isInstanceOf(Asked.Pending.class);
  }

  @Test
  void whereItsFilesAreFromIsNoChangeByItself() {
    commands.deploy(commit(shop, "c1"), from("c1"));
    gate.takeUp("web", "git:shop");

    assertThat(commands.deploy(commit(shop, "c2"), from("c2"))).isEqualTo(new Asked.Done(""));
  }

  private static StackBody from(String commit) {
    StackBody body = body("web", "1");
    return new StackBody(
        body.stack(),
        body.objects(),
        body.options(),
        Origin.of(new Revision.Source(List.of("compose.yml"), "/srv/shop", commit)));
  }

  @Test
  void theSameCommitWithOtherVariablesIsAskedForAgain() {
    commands.deploy(commit(shop, "c1"), body("web", "1"));
    gate.takeUp("web", "git:shop");

    commands.deploy(new Commit(shop, "c1", "other"), body("web", "2"));

    assertThat(gate.sent).hasSize(2);
  }

  @Test
  void whatPeopleDidByHandStaysUntilTheNextCommit() {
    commands.deploy(commit(shop, "c1"), body("web", "1"));
    gate.takeUp("web", "git:shop");
    gate.desired.put("web", body("web", "by hand"));
    gate.record("web", "manual", "api");

    commands().deploy(commit(shop, "c1"), body("web", "1"));
    assertThat(gate.sent).hasSize(1);

    commands().deploy(commit(shop, "c2"), body("web", "1"));
    assertThat(gate.sent).hasSize(2);
  }

  @Test
  void goingBackToACommitIsAskedForAgainAndOnce() {
    deployed("c1", "good");
    deployed("c2", "bad");

    deployed("c1", "good");

    assertThat(gate.desired.get("web").toBytes()).isEqualTo(body("web", "good").toBytes());
    assertThat(commands.deploy(commit(shop, "c1"), body("web", "good")))
        .isEqualTo(new Asked.Done(gate.last()));
    assertThat(commands().deploy(commit(shop, "c1"), body("web", "good")))
        .isEqualTo(new Asked.Done(gate.last()));
    assertThat(gate.sent).doesNotHaveDuplicates().hasSize(3);
  }

  @Test
  void goingToAndFroIsAskedForEachTime() {
    for (int i = 0; i < 3; i++) {
      deployed("c1", "1");
      deployed("c2", "2");
    }

    assertThat(gate.sent).doesNotHaveDuplicates().hasSize(6);
  }

  @Test
  void variablesThatAreChangedBackAreAskedForAgain() {
    deployed(new Commit(shop, "c1", "one"), "1");
    deployed(new Commit(shop, "c1", "other"), "2");
    deployed(new Commit(shop, "c1", "one"), "1");

    assertThat(gate.sent).doesNotHaveDuplicates().hasSize(3);
  }

  @Test
  void aStackThatWasRemovedComesBackWithItsCommitAndGoesAgain() {
    for (int i = 0; i < 2; i++) {
      deployed("c1", "1");
      assertThat(commands.remove(commit(shop, "c2"), "web")).isInstanceOf(Asked.Pending.class);
      gate.takeUp("web", "git:shop");
    }

    assertThat(gate.sent).doesNotHaveDuplicates().hasSize(4);
  }

  @Test
  void goingBackHasTheSameIdInAnotherProcess() {
    deployed("c1", "1");
    deployed("c2", "2");
    commands.deploy(commit(shop, "c1"), body("web", "1"));
    commands().deploy(commit(shop, "c1"), body("web", "1"));

    assertThat(gate.sent).hasSize(4);
    assertThat(gate.sent.get(2)).isEqualTo(gate.sent.get(3));
  }

  @Test
  void goingBackIsKnownWhenWhatWasBeforeItIsForgotten() {
    deployed("c1", "1");
    deployed("c2", "2");
    deployed("c1", "1");
    gate.deployments.get("web").subList(1, 3).clear();
    byHand("api");

    assertThat(commands().deploy(commit(shop, "c1"), body("web", "1")))
        .isInstanceOf(Asked.Done.class);
    assertThat(gate.sent).hasSize(3);
  }

  @Test
  void whatOthersDidSinceStaysWhenTheSameCommitIsSeenAgain() {
    deployed("c1", "1");
    deployed("c2", "2");
    deployed("c1", "1");
    gate.record("web", "heal-1", "heal");
    gate.record("web", "image-1", "registry");
    byHand("api");

    assertThat(commands().deploy(commit(shop, "c1"), body("web", "1")))
        .isInstanceOf(Asked.Done.class);
    assertThat(gate.sent).hasSize(3);
  }

  @Test
  void aCommitThatIsGoneBackToWinsOverWhatOthersDidBefore() {
    deployed("c1", "1");
    deployed("c2", "2");
    gate.record("web", "heal-1", "heal");
    byHand("api");

    deployed("c1", "1");

    assertThat(gate.sent).hasSize(3);
  }

  @Test
  void aFailedCommitThatWasTakenBackIsNotRepeated() {
    deployed("c1", "1");
    deployed("c2", "2");
    String failed = gate.last();
    gate.desired.put("web", body("web", "1"));
    gate.record("web", failed + ".rollback", "git:shop");

    assertThat(commands().deploy(commit(shop, "c2"), body("web", "2")))
        .isEqualTo(new Asked.Done(failed));
    assertThat(gate.sent).hasSize(2);
  }

  @Test
  void whatPeopleWentBackToIsAskedForSoThatTheNextCommitIsHeldAgainstIt() {
    deployed("c1", "1");
    deployed("c2", "2");
    gate.desired.put("web", body("web", "1"));
    gate.record("web", "manual", "api");

    deployed("c1", "1");
    deployed("c2", "2");

    assertThat(gate.sent).doesNotHaveDuplicates().hasSize(4);
  }

  @Test
  void aCommitThatChangesNothingAsksForNothingAfterARestorationEither() {
    deployed("c1", "1");
    gate.record("web", "heal-1", "heal");

    assertThat(commands.deploy(commit(shop, "c2"), body("web", "1"))).isEqualTo(new Asked.Done(""));
  }

  @Test
  void goingBackWaitsForWhatIsOnItsWay() {
    deployed("c1", "1");
    commands.deploy(commit(shop, "c2"), body("web", "2"));

    assertThat(commands.deploy(commit(shop, "c1"), body("web", "1")))
        .isEqualTo(new Asked.Pending(""));
    gate.takeUp("web", "git:shop");
    deployed("c1", "1");

    assertThat(gate.sent).doesNotHaveDuplicates().hasSize(3);
  }

  @Test
  void aStackThatComesBackWaitsForItsRemoval() {
    deployed("c1", "1");
    commands.remove(commit(shop, "c2"), "web");

    assertThat(commands.deploy(commit(shop, "c1"), body("web", "1")))
        .isEqualTo(new Asked.Pending(""));
    gate.takeUp("web", "git:shop");
    deployed("c1", "1");

    assertThat(gate.sent).doesNotHaveDuplicates().hasSize(3);
  }

  @Test
  void whatWasNotTakenUpInTimeKeepsNothingBack() {
    deployed("c1", "1");
    commands.deploy(commit(shop, "c2"), body("web", "2"));
    now = now.plus(LIFE);

    assertThat(commands.deploy(commit(shop, "c3"), body("web", "3")))
        .isInstanceOf(Asked.Pending.class);
    assertThat(gate.sent).hasSize(3);
  }

  @Test
  void aLaterAttemptIsKnownToTheNextProcess() {
    commands.deploy(commit(shop, "c1"), body("web", "1"));
    gate.rejected.put(gate.last(), "no key");
    deployed("c1", "1");
    byHand("api");

    assertThat(commands().deploy(commit(shop, "c1"), body("web", "1")))
        .isEqualTo(new Asked.Done(gate.last()));
    assertThat(gate.sent).hasSize(2);
  }

  private void deployed(String commit, String image) {
    deployed(commit(shop, commit), image);
  }

  private void deployed(Commit commit, String image) {
    int before = gate.sent.size();
    assertThat(commands.deploy(commit, body("web", image))).isInstanceOf(Asked.Pending.class);
    assertThat(gate.sent).hasSize(before + 1);
    gate.takeUp("web", "git:shop");
  }

  private void byHand(String by) {
    gate.desired.put("web", body("web", "by hand"));
    gate.record("web", "manual", by);
  }

  @Test
  void aStackThatPeopleDeployedIsTheirs() {
    gate.desired.put("web", body("web", "1"));
    gate.record("web", "manual", "api");

    Asked asked = commands.deploy(commit(shop, "c1"), body("web", "2"));

    assertThat(asked)
        .isInstanceOfSatisfying(
            Asked.Refused.class,
            r -> assertThat(r.reason()).contains("deployed by 'api'").contains("'adopt: [web]'"));
    assertThat(gate.sent).isEmpty();
  }

  @Test
  void aStackThatTheEngineHasFromElsewhereIsNotTaken() {
    gate.onEngine.add("web");

    assertThat(commands.deploy(commit(shop, "c1"), body("web", "1")))
        .isInstanceOf(Asked.Refused.class);
  }

  @Test
  void aStackMayBeAdoptedWhereThatIsDeclared() {
    gate.desired.put("web", body("web", "1"));
    gate.record("web", "manual", "api");
    Source adopting = source("shop", "policy: {adopt: [web]}");

    assertThat(commands.deploy(commit(adopting, "c1"), body("web", "1")))
        .isInstanceOf(Asked.Pending.class);
  }

  @Test
  void ofTwoSourcesTheFirstHasTheStack() {
    Source bank = source("bank", "prune: false");
    commands.deploy(commit(shop, "c1"), body("web", "1"));

    // Before the first command is taken up, and after.
    assertThat(commands.deploy(commit(bank, "c9"), body("web", "2")))
        .isInstanceOf(Asked.Refused.class);
    gate.takeUp("web", "git:shop");
    assertThat(commands().deploy(commit(bank, "c9"), body("web", "2")))
        .isInstanceOf(Asked.Refused.class);
  }

  @Test
  void aStackThatItsSourceRemovedIsFreeForAnother() {
    deployed("c1", "1");
    gate.end("web");
    commands.remove(commit(shop, "c2"), "web");
    assertThat(movesToBank()).isInstanceOf(Asked.Refused.class);
    gate.takeUp("web", "git:shop");

    assertThat(movesToBank()).isInstanceOf(Asked.Pending.class);
  }

  @Test
  void aStackThatPeopleRemovedIsFreeForAnotherSource() {
    deployed("c1", "1");
    gate.end("web");
    gate.desired.remove("web");
    gate.record("web", "manual", "api");

    assertThat(movesToBank()).isInstanceOf(Asked.Pending.class);
  }

  @Test
  void aStackIsTheFirstSourcesWhileWhatIsDesiredIsNotSeenYet() {
    deployed("c1", "1");
    gate.desired.remove("web");

    assertThat(movesToBank()).isInstanceOf(Asked.Refused.class);
  }

  @Test
  void aRefusedCommandKeepsNoStackFromAnotherSource() {
    commands.deploy(commit(shop, "c1"), body("web", "1"));
    gate.rejected.put(gate.last(), "no key");

    assertThat(movesToBank()).isInstanceOf(Asked.Pending.class);
  }

  @Test
  void aCommandThatWasNotTakenUpInTimeKeepsNoStackFromAnotherSource() {
    commands.deploy(commit(shop, "c1"), body("web", "1"));
    now = now.plus(LIFE).minusMillis(1);
    assertThat(movesToBank()).isInstanceOf(Asked.Refused.class);
    now = now.plusMillis(1);

    assertThat(movesToBank()).isInstanceOf(Asked.Pending.class);
  }

  private Asked movesToBank() {
    return commands.deploy(commit(source("bank", "prune: false"), "c9"), body("web", "2"));
  }

  @Test
  void aRefusedCommandIsAskedForThreeTimesAndThenTold() {
    for (int i = 0; i < 3; i++) {
      assertThat(commands.deploy(commit(shop, "c1"), body("web", "1")))
          .isInstanceOf(Asked.Pending.class);
      gate.rejected.put(gate.sent.getLast().split(" ", -1)[1], "no key");
    }

    assertThat(commands.deploy(commit(shop, "c1"), body("web", "1")))
        .isEqualTo(new Asked.Refused("the deployer refused it: no key"));
    assertThat(gate.sent).doesNotHaveDuplicates().hasSize(3);
  }

  @Test
  void aCommandThatWasNotTakenUpInTimeIsSentAgain() {
    commands.deploy(commit(shop, "c1"), body("web", "1"));
    now = now.plus(LIFE);

    commands.deploy(commit(shop, "c1"), body("web", "1"));

    assertThat(gate.sent).doesNotHaveDuplicates().hasSize(2);
  }

  @Test
  void removesAStackOnce() {
    gate.desired.put("web", body("web", "1"));
    gate.record("web", "first", "git:shop");

    assertThat(commands.remove(commit(shop, "c1"), "web")).isInstanceOf(Asked.Pending.class);
    commands.remove(commit(shop, "c1"), "web");

    assertThat(gate.sent).singleElement().asString().startsWith("remove ");
    assertThat(commands.owns(shop, "web")).isTrue();
    assertThat(commands.owns(source("bank", "prune: true"), "web")).isFalse();
  }

  @Test
  void idsTellNothingOfVariables() {
    String one = CommandId.variables(shop, "c1", Map.of("P", "hunter2"));

    assertThat(one).isNotEqualTo(CommandId.variables(shop, "c1", Map.of("P", "hunter3")));
    assertThat(one).isNotEqualTo(CommandId.variables(shop, "c2", Map.of("P", "hunter2")));
    assertThat(one).isEqualTo(CommandId.variables(shop, "c1", Map.of("P", "hunter2")));
    assertThat(one).doesNotContain("hunter2");
  }

  private Commands commands() {
    Clock clock =
        new Clock() {
          @Override
          public Instant instant() {
            return now;
          }

          @Override
          public java.time.ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            return this;
          }
        };
    return new Commands(gate, clock, LIFE);
  }

  private static Commit commit(Source source, String id) {
    return new Commit(source, id, "");
  }

  private static StackBody body(String stack, String image) {
    ObjectNode service =
        JsonNodeFactory.instance.objectNode().put("Name", stack + "_web").put("Image", image);
    return new StackBody(
        stack,
        new StackObjects(List.of(), List.of(), List.of(), List.of(service)),
        ApplyOptions.defaults());
  }

  private static Source source(String name, String more) {
    SourcesFile file =
        SourcesFile.read(
            "s.yml",
            "sources: {" + name + ": {url: /srv/" + name + ", " + more + "}}",
            Path.of("/"));
    assertThat(file.broken()).isEmpty();
    return file.sources().getFirst();
  }
}
