package dev.skep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.testing.StackSnapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One file with many keys, deployed under three names: by Docker's client, by our command straight
 * to the Engine, and by our command through the suite. No task runs.
 */
final class LabSideBySide {
  private static final Path SAMPLE =
      Path.of(System.getProperty("skep.root"), "deployer-service/src/test/resources/side-by-side");

  /** A network's addresses are its own. */
  private static final Map<String, String> SUBNETS =
      Map.of("side-d", "10.249.1.0/24", "side-e", "10.249.2.0/24", "side-s", "10.249.3.0/24");

  private final LabCluster lab;
  private final Path dir;

  LabSideBySide(LabCluster lab, Path dir) {
    this.lab = lab;
    this.dir = dir;
  }

  /** Deploys the file and a changed one, and compares after each what the cluster has. */
  void compare() throws Exception {
    try {
      for (String version : List.of("1", "2")) {
        lab.docker("stack", "deploy", "--detach=true", "-c", file("side-d", version), "side-d");
        deploy(version, "side-e", "--direct");
        deploy(version, "side-s");

        String docker = snapshot("side-d");
        assertThat(docker).contains("CHANGED=" + version);
        assertThat(snapshot("side-e")).as("directly, version " + version).isEqualTo(docker);
        assertThat(snapshot("side-s")).as("by the suite, version " + version).isEqualTo(docker);
      }
    } finally {
      lab.docker("stack", "rm", "side-d");
      lab.trySkep("stack", "rm", "--direct", "--forget", "side-e");
      lab.trySkep("stack", "rm", "side-s");
    }
  }

  private void deploy(String version, String stack, String... more) throws Exception {
    List<String> args = new ArrayList<>(List.of("stack", "deploy", "--detach"));
    args.addAll(List.of(more));
    args.addAll(List.of("-c", file(stack, version), stack));
    lab.skep(args.toArray(String[]::new));
  }

  /** The sample as this stack has it; what it refers to lies beside it. */
  private String file(String stack, String version) throws Exception {
    Path home = Files.createDirectories(dir.resolve(stack));
    Files.writeString(home.resolve("first.conf"), Files.readString(SAMPLE.resolve("first.conf")));
    String text =
        Files.readString(SAMPLE.resolve("stack.yml"))
            .replace("${DT_SUBNET}", SUBNETS.get(stack))
            .replace("${DT_VERSION}", version);
    return Files.writeString(home.resolve("stack.yml"), text).toString();
  }

  private String snapshot(String stack) throws Exception {
    return StackSnapshot.of(lab::docker, stack, SUBNETS.get(stack));
  }
}
