package dev.skep.deployer.source.read;

import java.util.List;
import java.util.Map;

/**
 * A stack that a repository names.
 *
 * @param files its compose files, by their paths in the repository; at least one
 * @param profiles of its services
 * @param env variables that the repository sets itself
 */
public record FoundStack(
    String name, List<String> files, List<String> profiles, Map<String, String> env) {
  public FoundStack {
    files = List.copyOf(files);
    profiles = List.copyOf(profiles);
    env = Map.copyOf(env);
  }
}
