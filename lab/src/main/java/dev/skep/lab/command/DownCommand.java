package dev.skep.lab.command;

import dev.skep.lab.Lab;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "down",
    mixinStandardHelpOptions = true,
    description = "Take the lab away with all that it holds.")
final class DownCommand implements Runnable {
  @Mixin LabOptions options;
  private final ProgressLines progress = new ProgressLines();

  @Override
  public void run() {
    boolean any = Lab.down(options.fullName());
    progress.say(any ? "The lab is gone" : "There is no lab " + options.fullName());
  }
}
