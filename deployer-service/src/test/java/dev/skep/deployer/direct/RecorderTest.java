package dev.skep.deployer.direct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.deployer.apply.ApplyListener;
import dev.skep.deployer.gate.Awaited;
import dev.skep.model.stack.Deployment.Step;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecorderTest {
  @Test
  void whatIsWaitedForReachesWhoShowsIt() {
    List<Awaited> shown = new ArrayList<>();
    ApplyListener view =
        new ApplyListener() {
          @Override
          public void step(Step step) {}

          @Override
          public void watching(Awaited services) {
            shown.add(services);
          }
        };

    new Recorder(view, null).watching(Awaited.NOTHING);

    assertThat(shown).containsExactly(Awaited.NOTHING);
  }

  /** One that is not overridden here falls silent, as it has a default. */
  @Test
  void everythingThatAListenerIsToldIsPassedOn() {
    assertThat(Recorder.class.getDeclaredMethods())
        .extracting(Method::getName)
        .containsAll(Arrays.stream(ApplyListener.class.getMethods()).map(Method::getName).toList());
  }
}
