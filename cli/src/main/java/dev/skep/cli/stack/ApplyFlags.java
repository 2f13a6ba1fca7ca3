package dev.skep.cli.stack;

import dev.skep.deployer.apply.ApplyOptions;
import dev.skep.deployer.apply.ResolveImage;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.plan.ImagePins;
import dev.skep.deployer.registry.RegistryCredentials;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** How a stack is applied: the same for its plan and its deployment. */
final class ApplyFlags {
  // As docker's client, for which --prune=false is a flag that is not set.
  @Option(
      names = "--prune",
      arity = "0..1",
      paramLabel = "true|false",
      fallbackValue = "true",
      defaultValue = "false",
      description = "remove the stack's services that no file names")
  private boolean prune;

  @Option(
      names = "--resolve-image",
      paramLabel = "always|changed|never",
      defaultValue = "always",
      description = "when registries are asked for images' digests (default: ${DEFAULT-VALUE})")
  private ResolveImage resolveImage;

  @Option(
      names = "--include-held",
      arity = "0..1",
      paramLabel = "true|false",
      fallbackValue = "true",
      defaultValue = "false",
      description = "update services labelled dev.skep.update=manual, too")
  private boolean includeHeld;

  @Option(
      names = "--with-registry-auth",
      arity = "0..1",
      paramLabel = "true|false",
      fallbackValue = "true",
      defaultValue = "false",
      description = {
        "give the Engine this user's credentials for the images' registries,",
        "as docker login keeps them"
      })
  private boolean withRegistryAuth;

  /**
   * How these objects are applied.
   *
   * @param warn gets one line if credentials were asked for and there are none
   * @throws dev.skep.deployer.registry.RegistryAuthException if they cannot be read
   */
  ApplyOptions options(StackObjects objects, Consumer<String> warn) {
    return options(objects, System.getenv(), warn);
  }

  ApplyOptions options(StackObjects objects, Map<String, String> env, Consumer<String> warn) {
    Map<String, String> auth = withRegistryAuth ? credentials(objects, env, warn) : Map.of();
    return new ApplyOptions(prune, resolveImage, auth, includeHeld, false);
  }

  private static Map<String, String> credentials(
      StackObjects objects, Map<String, String> env, Consumer<String> warn) {
    List<String> images = objects.services().stream().map(ImagePins::image).toList();
    RegistryCredentials credentials = RegistryCredentials.of(env);
    Map<String, String> headers = credentials.headers(images);
    if (headers.isEmpty() && !images.isEmpty()) {
      warn.accept(
          "warning: --with-registry-auth: %s has no credentials for %s; see docker login"
              .formatted(credentials.file(), String.join(", ", RegistryCredentials.hosts(images))));
    }
    return headers;
  }
}
