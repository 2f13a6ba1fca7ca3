package dev.skep.lab.command;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "push",
    mixinStandardHelpOptions = true,
    description = "Push images of this machine's Engine to the lab's registry.")
final class PushCommand implements Runnable {
  @Mixin LabOptions options;
  private final ProgressLines progress = new ProgressLines();

  @Parameters(arity = "1..*", paramLabel = "IMAGE")
  private List<String> images;

  @Override
  public void run() {
    options.lab().push(images, progress);
  }
}
