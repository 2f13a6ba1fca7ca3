package dev.skep.lab.command;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "env",
    mixinStandardHelpOptions = true,
    description = "Print what points docker and skep at the lab: eval \"$(./skep lab env)\"")
final class EnvCommand implements Runnable {
  @Mixin LabOptions options;
  @Spec CommandSpec spec;

  @Override
  public void run() {
    for (Map.Entry<String, String> entry : options.lab().env().entrySet()) {
      spec.commandLine()
          .getOut()
          .println("export " + entry.getKey() + "=" + quoted(entry.getValue()));
    }
  }

  /** For any shell of POSIX. */
  static String quoted(String value) {
    return value.matches("[A-Za-z0-9_./:,@-]*") ? value : "'" + value.replace("'", "'\\''") + "'";
  }
}
