package dev.skep.deployer.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.skep.deployer.convert.StackObjects;
import dev.skep.engine.Filters;
import dev.skep.model.stack.Deployment.Step;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a real Swarm does with credentials that come to a service that is as desired. */
@RequiresEngine
@RequiresImage("haproxy:3.4")
class RegistryAuthIT {
  private static final String STACK = "dt-credentials";

  /** {@code {}}: credentials that are none. */
  private static final Map<String, String> AUTH = Map.of("docker.io", "e30=");

  @RegisterExtension final LiveEngine engine = new LiveEngine();
  @TempDir Path dir;

  @Test
  void noTaskIsReplacedForThem() {
    StackObjects objects =
        LiveEngine.objects(
            dir,
            STACK,
            "services: {web: {image: 'haproxy:3.4', entrypoint: [sleep, '600'], deploy: {replicas: 1}}}");
    engine.applier().apply(STACK, objects, LiveEngine.OPTIONS);
    await().atMost(Duration.ofSeconds(60)).until(() -> engine.running("dt-credentials_web") == 1);
    List<String> before = tasks();
    long version = engine.settledVersions(STACK).get("services/dt-credentials_web");

    ApplyResult result =
        engine
            .applier()
            .apply(STACK, objects, new ApplyOptions(false, ResolveImage.NEVER, AUTH).detached());

    assertThat(result.steps())
        .contains(new Step("service", "dt-credentials_web", "updated", "registry credentials"));
    assertThat(engine.settledVersions(STACK).get("services/dt-credentials_web"))
        .isGreaterThan(version);
    assertThat(tasks()).isEqualTo(before);
  }

  private List<String> tasks() {
    return engine
        .client()
        .tasks(Filters.of("service", "dt-credentials_web"))
        .valueStream()
        .map(t -> t.path("ID").asText())
        .toList();
  }
}
