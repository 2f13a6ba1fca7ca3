package dev.skep.edge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.skep.edge.EdgeAgentConfig;
import dev.skep.edge.EdgeAgentConfig.Proxy;
import dev.skep.edge.haproxy.HaproxySettings;
import dev.skep.runtime.Platform;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.testing.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without a broker: what the loop does by itself. */
class AgentLoopTest {
  @TempDir private Path dir;

  @Test
  void an_error_ends_the_process_and_not_the_loop_alone() throws Exception {
    AtomicReference<Throwable> fatal = new AtomicReference<>();
    KafkaConfig nobody = new KafkaConfig("127.0.0.1:" + Ports.free(), Map.of());
    try (Platform platform = Platform.create(nobody, fatal::set);
        AgentLoop loop =
            new AgentLoop(
                platform, config(), PrivateKeyRing.create(), null, AgentLoopTest::failingInLoop)) {

      loop.start();

      // Rethrown on purpose: not for the test to trip over.
      await()
          .dontCatchUncaughtExceptions()
          .atMost(Duration.ofSeconds(20))
          .until(() -> fatal.get() != null);
      assertThat(fatal.get()).isInstanceOf(LinkageError.class);
      await()
          .dontCatchUncaughtExceptions()
          .atMost(Duration.ofSeconds(20))
          .until(() -> !loop.health().live());
    }
  }

  private EdgeAgentConfig config() {
    HaproxySettings settings =
        new HaproxySettings(
            dir.toString(), "127.0.0.1", 8080, 8443, 8080, 8443, Duration.ofSeconds(5));
    return new EdgeAgentConfig("e1", dir, -1, EnumSet.of(Proxy.TRAEFIK), settings);
  }

  /** A simulated fault: on the loop's own thread time cannot be told. */
  private static long failingInLoop() {
    if (Thread.currentThread().getName().equals("edge-agent-e1")) {
      throw new LinkageError("made to fail by the test");
    }
    return System.nanoTime();
  }
}
