package dev.skep.deployer.apply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.deployer.gate.Standing;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchTest {
  @Test
  void whatHadFailedBeforeIsForgottenAndWhatRunsIsSeen() throws IOException {
    try (ManyTasks many = new ManyTasks(2, 3, 1);
        EngineClient engine = EngineClient.connect(EngineConfig.of(many.address()))) {
      Watch watch = new Watch(engine, "big");

      Watch.Reading first = watch.read().orElseThrow();
      assertThat(first.standing(ManyTasks.name(1)).map(Standing::words)).contains("3/3 running");
      assertThat(first.standing(ManyTasks.name(1)).orElseThrow().failed()).hasSize(3);
      assertThat(first.standing("big_other")).isEmpty();

      watch.forgetFailures();
      Watch.Reading second = watch.read().orElseThrow();
      assertThat(second.standing(ManyTasks.name(1)).orElseThrow().failed()).isEmpty();
    }
  }

  /**
   * A simulation of four services on 1,000 nodes, with Swarm's usual history, which four
   * deployments watch in the heap that the suite gives the deployer.
   */
  @Test
  void aThousandNodesFitIntoTheHeap() throws IOException, InterruptedException {
    try (ManyTasks many = new ManyTasks(4, 1_000, 5)) {
      Process process =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "-XX:TieredStopAtLevel=1",
                      "-XX:+UseSerialGC",
                      "-Xmx96m",
                      "-XX:+ExitOnOutOfMemoryError",
                      "-cp",
                      System.getProperty("java.class.path"),
                      WatchOfMany.class.getName(),
                      many.address().toString(),
                      "4"))
              .redirectErrorStream(true)
              .start();
      try {
        List<String> said =
            new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList();

        assertThat(process.waitFor()).as(said.toString()).isZero();
        assertThat(said)
            .filteredOn(line -> line.endsWith(" running"))
            .isEqualTo(Collections.nCopies(16, "1000/1000 running"));
      } finally {
        process.destroyForcibly();
      }
    }
  }
}
