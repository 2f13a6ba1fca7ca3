package dev.skep.lab.command;

import dev.skep.lab.Lab;
import dev.skep.lab.LabSpec;
import picocli.CommandLine.Option;

/** Which lab. */
final class LabOptions {
  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "${env:SKEP_LAB:-" + LabSpec.DEFAULT_NAME + "}",
      description = "the lab's name, if there are several (default: ${DEFAULT-VALUE})")
  private String name;

  String fullName() {
    return LabSpec.fullName(name);
  }

  Lab lab() {
    return Lab.existing(name);
  }
}
