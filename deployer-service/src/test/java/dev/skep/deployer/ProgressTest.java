package dev.skep.deployer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Deployment.Phase;
import dev.skep.model.stack.Deployment.Step;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final Step CREATED = new Step("service", "app_web", "created", "");
  private static final Step SETTLED = new Step("service", "app_web", "settled", "1/1 running");

  private static Deployment deployment(Phase phase) {
    return new Deployment(
        "app", 1, "c", "me", phase, List.of(CREATED), "", Instant.EPOCH, Instant.EPOCH);
  }

  private final Progress progress = new Progress();

  @Test
  void whatSettledLastIsStillToldWhenTheDeploymentHasEnded() {
    progress.begin("app/1", List.of());
    progress.step("app/1", CREATED);
    progress.step("app/1", SETTLED);

    assertThat(progress.of(deployment(Phase.RUNNING)).steps()).containsExactly(CREATED, SETTLED);
    assertThat(progress.told(deployment(Phase.RUNNING))).isEmpty();
    assertThat(progress.told(deployment(Phase.SUCCEEDED))).containsExactly(SETTLED);

    progress.end("app/1");

    assertThat(progress.told(deployment(Phase.SUCCEEDED))).containsExactly(SETTLED);
    assertThat(progress.of(deployment(Phase.SUCCEEDED)).steps()).containsExactly(CREATED);
  }
}
