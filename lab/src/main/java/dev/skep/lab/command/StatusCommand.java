package dev.skep.lab.command;

import dev.skep.lab.Lab;
import dev.skep.lab.LabStatus;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Show the lab's nodes, its address and its services. Exit code 1: no majority.")
final class StatusCommand implements Callable<Integer> {
  @Mixin LabOptions options;
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    Lab lab = options.lab();
    LabStatus status = lab.status();
    PrintWriter out = spec.commandLine().getOut();
    row(out, "NODE", "ADDRESS", "MACHINE", "SWARM", "AVAILABILITY", "MANAGER");
    for (LabStatus.NodeStatus node : status.nodes()) {
      row(
          out,
          node.name(),
          node.address(),
          node.container(),
          node.swarm(),
          node.availability(),
          node.manager());
    }
    out.println();
    List<String> holders = status.vipHolders();
    out.println(
        "Address "
            + lab.vip()
            + ": "
            + (holders.isEmpty() ? "held by no edge" : "held by " + String.join(", ", holders)));
    out.println("ACME CA: " + lab.acmeDirectory() + ", trusted by " + lab.acmeCaFile());
    out.println(
        "  root of what it issues: curl --cacert " + lab.acmeCaFile() + " " + lab.acmeRoot());
    if (!status.quorum()) {
      out.println("No manager answers with a majority.");
    } else if (status.services().isEmpty()) {
      out.println("No services.");
    } else {
      out.println();
      status.services().stream()
          .map(line -> line.split("\t", -1))
          .forEach(s -> out.printf(Locale.ROOT, "%-32s %s%n", s[0], s[1]));
    }
    return status.quorum() ? 0 : 1;
  }

  private static void row(PrintWriter out, String... cells) {
    out.println(
        String.format(Locale.ROOT, "%-11s %-15s %-9s %-8s %-13s %s", (Object[]) cells).strip());
  }
}
