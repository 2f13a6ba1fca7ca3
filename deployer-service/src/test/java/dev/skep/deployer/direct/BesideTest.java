package dev.skep.deployer.direct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.deployer.revision.SomeRevisions;
import dev.skep.model.stack.Revision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BesideTest {
  /** Revision N was asked for N seconds after the epoch. */
  private static final Instant NOW = Instant.ofEpochSecond(60);

  private static Beside of(int since, String... outcomes) {
    List<KeptRevision> kept =
        SomeRevisions.of(outcomes).stream()
            .map(r -> new KeptRevision("id" + r.number(), r, ""))
            .toList();
    return Beside.of(kept, Instant.ofEpochSecond(since), NOW);
  }

  @Test
  void whatIsOlderThanTheDeployersOwnSaysNothing() {
    assertThat(of(0)).isInstanceOf(Beside.Nothing.class);
    assertThat(of(2, "good", "runs")).isInstanceOf(Beside.Nothing.class);
  }

  @Test
  void theNewestOneCounts() {
    assertThat(of(0, "good", "bad", "good"))
        .isInstanceOfSatisfying(
            Beside.Deployed.class, d -> assertThat(d.kept().id()).isEqualTo("id3"));
    assertThat(of(0, "good", "bad")).isInstanceOf(Beside.Failed.class);
    assertThat(of(0, "good", "gone")).isInstanceOf(Beside.Deployed.class);
    assertThat(of(1, "good", "runs")).isInstanceOf(Beside.Running.class);
  }

  @Test
  void whatRunsForAnHourWasBrokenOff() {
    Revision runs = SomeRevisions.of("runs").getFirst();
    List<KeptRevision> kept = List.of(new KeptRevision("id", runs, ""));

    assertThat(Beside.of(kept, Instant.EPOCH, runs.at().plus(Duration.ofMinutes(59))))
        .isEqualTo(new Beside.Running(runs));
    assertThat(Beside.of(kept, Instant.EPOCH, runs.at().plus(Duration.ofMinutes(60))))
        .isEqualTo(new Beside.Failed(runs));
  }
}
