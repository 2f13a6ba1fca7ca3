package dev.skep.deployer.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.deployer.StoppedClock;
import dev.skep.deployer.source.secret.SopsProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourcesTest {
  @TempDir Path dir;

  @Test
  void aLookThatHangsIsToldLongAfterASlowHostWouldBeGivenUp() throws Exception {
    Path declared = Files.writeString(dir.resolve("sources.yml"), "sources: {a: {url: /nowhere}}");
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    RecordingGate hanging =
        new RecordingGate() {
          @Override
          public boolean ready() {
            begun.countDown();
            try {
              end.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return false;
          }
        };
    StoppedClock clock = new StoppedClock(Instant.EPOCH);

    try (Sources sources =
        Sources.open(declared, hanging, SopsProgram.named("sops"), clock, Duration.ofMinutes(5))) {
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(sources.progressing()).isTrue();
      // Twice what a host has, and what a commit has.
      clock.advance(Duration.ofMinutes(6));
      assertThat(sources.progressing()).isTrue();
      clock.advance(Sources.LONGEST_LOOK);
      assertThat(sources.progressing()).isFalse();
      end.countDown();
    }
  }
}
