package dev.skep.lab.command;

import dev.skep.lab.Lab;
import dev.skep.lab.LabSpec;
import dev.skep.lab.Shape;
import dev.skep.lab.Subnet;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = "Make the lab, or what is missing of it.")
final class UpCommand implements Runnable {
  @Mixin LabOptions options;
  private final ProgressLines progress = new ProgressLines();

  /** Read by the launcher. */
  @Option(names = "--yes", description = "install and build what is missing, without asking")
  void setYes(boolean ignored) {}

  @Option(names = "--managers", defaultValue = "3", description = "1, 3, 5... (default: 3)")
  private int managers;

  @Option(names = "--workers", defaultValue = "2", description = "(default: 2)")
  private int workers;

  @Option(names = "--edges", defaultValue = "2", description = "(default: 2)")
  private int edges;

  @Option(
      names = "--subnet",
      paramLabel = "CIDR",
      defaultValue = "172.30.84.0/24",
      description = "the nodes' network, a /24 (default: ${DEFAULT-VALUE})")
  private String subnet;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description = "push this image of this machine's Engine to the lab's registry")
  private List<String> images = List.of();

  @Override
  public void run() {
    LabSpec spec =
        new LabSpec(options.fullName(), new Shape(managers, workers, edges), Subnet.parse(subnet));
    Lab lab = Lab.up(spec, images, progress);
    progress.say(
        "The lab runs: "
            + lab.nodes().size()
            + " nodes, address "
            + lab.vip()
            + ". Use it: eval \"$(./skep lab env)\"");
  }
}
