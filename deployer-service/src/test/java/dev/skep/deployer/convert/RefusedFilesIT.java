package dev.skep.deployer.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.skep.deployer.compose.ComposeCases;
import dev.skep.testing.RequiresCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Docker's client refuses the files that {@code compose.ComposeRefusalsTest} wants us to refuse:
 * the list says nothing that is not so.
 */
@RequiresCommand("docker")
class RefusedFilesIT {
  private static final int AT_A_TIME = 4;

  @TempDir Path dir;

  @BeforeAll
  static void findClient() throws Exception {
    assumeTrue(
        DockerClient.isTheRecorded(),
        "docker's client " + DockerClient.RECORDED + " is not installed");
  }

  @Test
  void theClientRefusesThem() throws Exception {
    List<String> taken = new ArrayList<>();
    Map<String, Future<DockerClient.Run>> runs = new LinkedHashMap<>();
    try (RecordingEngine engine = new RecordingEngine();
        ExecutorService pool = Executors.newFixedThreadPool(AT_A_TIME)) {
      for (String yaml : ComposeCases.refused()) {
        Path file = Files.writeString(dir.resolve(runs.size() + ".yml"), yaml + "\n");
        runs.put(
            yaml,
            pool.submit(
                () ->
                    DockerClient.deploy(
                        engine, "dt-refused", List.of(file), ComposeCases.VARIABLES)));
      }
      for (Map.Entry<String, Future<DockerClient.Run>> run : runs.entrySet()) {
        if (run.getValue().get().exit() == 0) {
          taken.add(run.getKey() + " -> " + run.getValue().get().output());
        }
      }
    }

    assertThat(runs).hasSameSizeAs(ComposeCases.refused());
    assertThat(taken).isEmpty();
    System.out.println(runs.size() + " files are refused by the client and by us");
  }
}
