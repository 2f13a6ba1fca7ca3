package dev.skep.deployer.faults;

import dev.skep.deployer.apply.LiveEngine;
import dev.skep.deployer.convert.StackObjects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Stacks for tests of faults: none of their tasks ever runs. */
final class FaultStacks {
  /** The prefix of their names: others' tests on the same Engine leave them alone. */
  static final String PREFIX = "ft-";

  private static final String YAML =
      """
      x-service: &service
        image: haproxy:3.4
        environment: {V: "_V"}
        networks: [n]
        configs: [c]
        secrets: [s]
        deploy: {replicas: 0}
      networks: {n: {}}
      configs: {c: {content: "config-_V"}}
      secrets: {s: {file: secret.txt}}
      services:
      """;

  private FaultStacks() {}

  /** So many services {@code s01} and on, with a network, a config and a secret of the stack's. */
  static StackObjects objects(Path dir, String stack, int services, String version) {
    write(dir.resolve("secret.txt"), "hunter-" + version);
    StringBuilder yaml = new StringBuilder(YAML.replace("_V", version));
    names(services).forEach(name -> yaml.append("  ").append(name).append(": *service\n"));
    return LiveEngine.objects(dir, stack, yaml.toString());
  }

  private static void write(Path file, String content) {
    try {
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> names(int services) {
    return IntStream.rangeClosed(1, services).mapToObj("s%02d"::formatted).toList();
  }

  /** What is posted to deploy it. */
  static String body(StackObjects objects) {
    return "{\"objects\":%s,\"options\":{\"resolveImage\":\"never\"}}".formatted(objects.toBody());
  }

  /** The versions that its services have on the cluster, one entry for each. */
  static List<String> versions(LiveEngine engine, String stack, int services) {
    return names(services).stream()
        .map(name -> engine.environment(stack + "_" + name).getFirst().substring("V=".length()))
        .toList();
  }
}
