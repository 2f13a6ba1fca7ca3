package dev.skep.deployer.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.model.stack.Deployment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeploymentsTest {
  @Test
  void whoseAStackIsStaysKnownHoweverOftenARegistryRollsIt() {
    List<Deployment> all = new ArrayList<>(List.of(ended(1, "git:a", ""), ended(2, "git:b", "")));
    for (int n = 3; n <= 10; n++) {
      all.add(ended(n, "registry", ""));
    }

    List<Deployment> outdated = Deployments.outdated("s", 3, all);

    assertThat(outdated).extracting(Deployment::revision).containsExactly(7L, 6L, 5L, 4L, 3L, 1L);
  }

  @Test
  void theLastGoodOneStaysKnown() {
    List<Deployment> all =
        List.of(ended(1, "api", ""), ended(2, "api", "no"), ended(3, "api", "no"));

    assertThat(Deployments.outdated("s", 1, all))
        .extracting(Deployment::revision)
        .containsExactly(2L);
  }

  private static Deployment ended(long revision, String by, String error) {
    Deployment begun = Deployments.begun("s", revision, "c" + revision, by, Instant.EPOCH);
    return Deployments.ended(begun, List.of(), error, Instant.EPOCH);
  }
}
