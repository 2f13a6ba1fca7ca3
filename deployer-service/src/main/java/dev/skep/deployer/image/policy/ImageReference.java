package dev.skep.deployer.image.policy;

import dev.skep.deployer.compose.ImageName;
import java.util.Optional;

/**
 * A tag of a repository, in one form however it was written: {@code nginx}, {@code
 * docker.io/library/nginx:latest} and {@code index.docker.io/nginx} are the same.
 *
 * @param registry host and port as images name it; {@code docker.io} for Docker Hub
 * @param path the repository within the registry
 * @param tag never empty; not a digest
 */
public record ImageReference(String registry, String path, String tag) {
  private static final String HUB = "docker.io";
  private static final String OFFICIAL = "library/";

  /**
   * Reads an image's name.
   *
   * @return empty for what is no valid name, and for one that names a digest: it means certain
   *     content, not what a tag points to
   */
  public static Optional<ImageReference> of(String image) {
    if (!ImageName.isValid(image) || ImageName.hasDigest(image)) {
      return Optional.empty();
    }
    String registry = ImageName.registry(image);
    String tagged = ImageName.tagged(image);
    String rest =
        tagged.startsWith(registry + "/") ? tagged.substring(registry.length() + 1) : tagged;
    int colon = rest.lastIndexOf(':');
    return Optional.of(
        new ImageReference(
            registry, qualified(registry, rest.substring(0, colon)), rest.substring(colon + 1)));
  }

  /**
   * A repository as a registry itself names it.
   *
   * @param path of Docker Hub's own images with or without {@code library/}
   */
  static String qualified(String registry, String path) {
    return registry.equals(HUB) && !path.contains("/") ? OFFICIAL + path : path;
  }

  /** Another tag of the same repository. */
  public ImageReference withTag(String other) {
    return new ImageReference(registry, path, other);
  }

  /** The name that people use, with the tag. */
  public String name() {
    return ImageName.tagged(registry + "/" + path + ":" + tag);
  }

  @Override
  public String toString() {
    return name();
  }
}
