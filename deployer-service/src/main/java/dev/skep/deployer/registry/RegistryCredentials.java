package dev.skep.deployer.registry;

import dev.skep.deployer.compose.ImageName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The credentials that {@code docker login} keeps for the caller: in {@code config.json} of
 * DOCKER_CONFIG or of {@code ~/.docker}, or with the helper programs that this file names.
 */
public final class RegistryCredentials {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path file;
  private final CredentialHelper helpers;

  private RegistryCredentials(Path file, CredentialHelper helpers) {
    this.file = file;
    this.helpers = helpers;
  }

  /**
   * The caller's. Reads nothing yet.
   *
   * @param env the caller's environment: DOCKER_CONFIG, HOME, and PATH for the helpers
   */
  public static RegistryCredentials of(Map<String, String> env) {
    String given = env.getOrDefault("DOCKER_CONFIG", "");
    Path directory =
        given.isEmpty()
            ? Path.of(env.getOrDefault("HOME", System.getProperty("user.home")), ".docker")
            : Path.of(given);
    return new RegistryCredentials(
        directory.resolve("config.json"), new CredentialHelper(env, PATIENCE));
  }

  /** Where they are kept, or named. */
  public Path file() {
    return file;
  }

  /** The hosts of images' registries, as references name them: "docker.io" for a bare name. */
  public static SortedSet<String> hosts(Collection<String> images) {
    SortedSet<String> hosts = new TreeSet<>();
    images.forEach(i -> hosts.add(ImageName.registry(i)));
    return hosts;
  }

  /**
   * The credentials for the registries of images, each asked for once.
   *
   * @return host to the value of X-Registry-Auth; hosts without credentials are missing. Secret
   * @throws RegistryAuthException if the file or a helper cannot be read
   */
  public Map<String, String> headers(Collection<String> images) {
    DockerConfig config = read();
    Map<String, String> headers = new TreeMap<>();
    for (String host : hosts(images)) {
      login(config, host).ifPresent(l -> headers.put(host, l.header()));
    }
    return headers;
  }

  private Optional<Login> login(DockerConfig config, String host) {
    String address = DockerConfig.address(host);
    String helper = config.helper(address);
    if (helper.isEmpty()) {
      return config.login(address);
    }
    try {
      return helpers.get(helper, address);
    } catch (IllegalArgumentException e) {
      throw new RegistryAuthException(
          "no credentials for %s, by %s: %s".formatted(host, file, e.getMessage()));
    }
  }

  private DockerConfig read() {
    try {
      return DockerConfig.parse(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return DockerConfig.NONE;
    } catch (IOException e) {
      throw new RegistryAuthException("%s cannot be read: %s".formatted(file, e));
    } catch (IllegalArgumentException e) {
      throw new RegistryAuthException("%s: %s".formatted(file, e.getMessage()));
    }
  }
}
