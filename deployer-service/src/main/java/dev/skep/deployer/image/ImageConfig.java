package dev.skep.deployer.image;

import dev.skep.deployer.image.policy.HostAliases;
import dev.skep.deployer.image.remote.RegistryTrust;
import dev.skep.runtime.config.ConfigReader;
import dev.skep.runtime.config.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;

/**
 * How images are followed.
 *
 * @param poll how often a registry is asked for each followed image, give or take a tenth
 * @param hookSecret what registries show when they tell of a push; empty: they cannot
 * @param aliases how registries name themselves, and images name them
 * @param insecure registries, host and port, whose list of tags is asked for without TLS
 * @param caFile PEM with roots that are trusted besides the platform's; "" for none
 */
public record ImageConfig(
    Duration poll, Secret hookSecret, HostAliases aliases, Set<String> insecure, String caFile) {
  private static final Duration SHORTEST_POLL = Duration.ofSeconds(1);
  private static final int SHORTEST_SECRET = 16;

  private static final ImageConfig DEFAULTS =
      new ImageConfig(Duration.ofMinutes(5), new Secret(""), HostAliases.NONE, Set.of(), "");

  public ImageConfig {
    insecure = Set.copyOf(insecure);
  }

  /** The defaults, as the README has them. */
  public static ImageConfig defaults() {
    return DEFAULTS;
  }

  /** From the environment; problems are collected in {@code env}. */
  public static ImageConfig from(ConfigReader env) {
    Duration poll = env.duration("SKEP_IMAGE_POLL", DEFAULTS.poll());
    if (poll.compareTo(SHORTEST_POLL) < 0) {
      env.problem("SKEP_IMAGE_POLL", "is shorter than 1s", "use 1s or more");
    }
    Secret secret = env.optionalSecret("SKEP_REGISTRY_HOOK_SECRET");
    if (!secret.isEmpty() && secret.reveal().length() < SHORTEST_SECRET) {
      env.problem(
          "SKEP_REGISTRY_HOOK_SECRET",
          "is too short",
          "use " + SHORTEST_SECRET + " characters or more that cannot be guessed");
    }
    HostAliases aliases = HostAliases.NONE;
    try {
      aliases = HostAliases.of(env.optional("SKEP_REGISTRY_ALIASES", ""));
    } catch (IllegalArgumentException e) {
      env.problem(
          "SKEP_REGISTRY_ALIASES",
          "is wrong (" + e.getMessage() + ")",
          "write what the registry calls itself, '=', and its host in images; several by comma");
    }
    Set<String> insecure = new TreeSet<>();
    Arrays.stream(env.optional("SKEP_REGISTRY_INSECURE", "").split(",", -1))
        .map(String::strip)
        .filter(h -> !h.isEmpty())
        .forEach(insecure::add);
    ImageConfig config =
        new ImageConfig(poll, secret, aliases, insecure, env.optional("SKEP_REGISTRY_CA_FILE", ""));
    try {
      config.tls();
    } catch (UncheckedIOException e) {
      env.problem(
          "SKEP_REGISTRY_CA_FILE",
          "names " + config.caFile() + ", which cannot be used (" + e.getMessage() + ")",
          "make it a readable PEM file with the registries' roots");
    }
    return config;
  }

  /**
   * How registries are asked.
   *
   * @throws UncheckedIOException if the file with the roots cannot be used
   */
  SSLContext tls() {
    try {
      return caFile.isEmpty() ? SSLContext.getDefault() : RegistryTrust.with(Path.of(caFile));
    } catch (IOException | GeneralSecurityException e) {
      throw new UncheckedIOException(e.getMessage(), new IOException(e));
    }
  }
}
