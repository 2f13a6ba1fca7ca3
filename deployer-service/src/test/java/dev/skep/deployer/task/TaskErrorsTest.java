package dev.skep.deployer.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskErrorsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "task: non-zero exit (3) | exit code 3",
        "task: non-zero exit (143): dockerexec: unhealthy container | exit code 143: its health check failed",
        "task: non-zero exit (139) | exit code 139 (SIGSEGV)",
        "No such image: web:2 | the node does not have the image web:2 and could not pull it",
        "no suitable node | no node can take it",
        "no suitable node (scheduling constraints not satisfied on 2 nodes) | no node can take it: the placement constraints leave out 2 nodes",
        "no suitable node (insufficient resources on 1 node; 2 nodes not available for new tasks) | no node can take it: too little CPU, memory or other resources left to reserve on 1 node; 2 nodes down, paused or drained",
        "no suitable node (max replicas per node limit exceed) | no node can take it: each node has as many of its tasks as max_replicas_per_node allows",
        "no suitable node (something new on 3 nodes) | no node can take it: something new on 3 nodes"
      })
  void whatSwarmSaysIsToldInPlainWords(String swarm, String words) {
    assertThat(TaskErrors.inWords(swarm, 0)).isEqualTo(words);
  }

  @Test
  void othersAreToldWholeInOneLineWithTheExitCode() {
    assertThat(TaskErrors.inWords("starting container failed:\n  no such file", 127))
        .isEqualTo("starting container failed: no such file (exit code 127)");
    assertThat(TaskErrors.inWords("", 7)).isEqualTo("exit code 7");
    assertThat(TaskErrors.inWords("", 0)).isEmpty();
  }

  @Test
  void nothingThatATerminalWouldObeyIsLeftInThem() {
    assertThat(TaskErrors.inWords("exec: \u001b[2J\u001b]0;x\u0007: not found", 0))
        .isEqualTo("exec: [2J ]0;x : not found");
  }

  @Test
  void aKilledContainerIsSaidToBeKilled() {
    assertThat(TaskErrors.inWords("task: non-zero exit (137)", 137)).contains("SIGKILL", "memory");
  }
}
