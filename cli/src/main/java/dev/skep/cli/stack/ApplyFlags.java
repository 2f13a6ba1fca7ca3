package dev.skep.cli.stack;

import dev.skep.deployer.apply.ApplyOptions;
import dev.skep.deployer.apply.ResolveImage;
import java.util.Map;
import picocli.CommandLine.Option;

/** How a stack is applied: the same for its plan and its deployment. */
final class ApplyFlags {
  @Option(names = "--prune", description = "remove the stack's services that no file names")
  private boolean prune;

  @Option(
      names = "--resolve-image",
      paramLabel = "always|changed|never",
      defaultValue = "always",
      description = "when registries are asked for images' digests (default: ${DEFAULT-VALUE})")
  private ResolveImage resolveImage;

  @Option(
      names = "--include-held",
      description = "update services labelled dev.skep.update=manual, too")
  private boolean includeHeld;

  /** Without credentials for registries. */
  ApplyOptions options() {
    return new ApplyOptions(prune, resolveImage, Map.of(), includeHeld, false);
  }
}
