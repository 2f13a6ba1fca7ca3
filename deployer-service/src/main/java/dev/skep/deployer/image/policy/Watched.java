package dev.skep.deployer.image.policy;

/**
 * What a registry is asked: what one tag points to, or which tags a repository has.
 *
 * @param registry host and port as images name it
 * @param path the repository within the registry
 * @param tag "" for the list of tags
 */
public record Watched(String registry, String path, String tag) {
  static Watched tag(ImageReference image) {
    return new Watched(image.registry(), image.path(), image.tag());
  }

  static Watched tags(ImageReference image) {
    return new Watched(image.registry(), image.path(), "");
  }

  /** Whether it is a list of tags. */
  public boolean list() {
    return tag.isEmpty();
  }

  /** For people and log lines. */
  @Override
  public String toString() {
    return registry + "/" + path + (list() ? " (tags)" : ":" + tag);
  }
}
