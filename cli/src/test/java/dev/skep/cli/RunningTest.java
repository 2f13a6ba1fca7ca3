package dev.skep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.skep.cli.StateDir.Running;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RunningTest {
  @Test
  void theProcessThatWasNotedRuns() {
    Running self = running(ProcessHandle.current());

    assertThat(self.process()).isPresent();
  }

  @Test
  void anotherProcessWithTheSameNumberIsNotTheOneThatWasNoted() {
    Running self = running(ProcessHandle.current());
    Running earlier = new Running(self.pid(), self.startedAt() - 1, 0, "");

    assertThat(earlier.process()).isEmpty();
  }

  @Test
  void aProcessThatEndedDoesNotRunThoughNobodyAskedForItsStatus() throws Exception {
    // Given a process whose parent waits for nothing
    Process parent = new ProcessBuilder("bash", "-c", "sleep 0.5 & echo $!; exec sleep 60").start();
    try {
      long pid = Long.parseLong(firstLine(parent));
      Running running = running(ProcessHandle.of(pid).orElseThrow());

      // When it ends
      await()
          .until(() -> Files.readString(Path.of("/proc/" + pid + "/status")).contains("State:\tZ"));

      // Then it counts as gone
      assertThat(running.process()).isEmpty();
    } finally {
      parent.destroyForcibly();
    }
  }

  private static String firstLine(Process process) throws Exception {
    return new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
        .readLine();
  }

  private static Running running(ProcessHandle process) {
    long start = process.info().startInstant().orElseThrow().toEpochMilli();
    return new Running(process.pid(), start, 0, "");
  }
}
