package dev.skep.lab.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "heal", mixinStandardHelpOptions = true, description = "Undo every partition.")
final class HealCommand implements Runnable {
  @Mixin LabOptions options;

  @Override
  public void run() {
    options.lab().heal();
  }
}
