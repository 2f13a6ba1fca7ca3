package dev.skep.deployer.image.policy;

import dev.skep.deployer.image.policy.ImagePolicy.Versions;

/**
 * A service whose image is followed.
 *
 * @param service its full name
 * @param policy not {@code none}
 * @param image what its file names, or what it was brought to since
 * @param pinned the image as it is desired, where that has a digest; else ""
 * @param auth the value of X-Registry-Auth for its registry; "" for none. Secret
 */
public record Followed(
    String stack,
    String service,
    ImagePolicy policy,
    ImageReference image,
    String pinned,
    String auth) {

  /** What its registry is asked. */
  public Watched watched() {
    return policy instanceof Versions ? Watched.tags(image) : Watched.tag(image);
  }

  /** Whether a registry is asked for the same, for the same reason. */
  public boolean alike(Followed other) {
    return watched().equals(other.watched())
        && image.equals(other.image)
        && policy.equals(other.policy)
        && auth.equals(other.auth);
  }

  /** Without credentials. */
  @Override
  public String toString() {
    return "Followed[%s, %s, %s]".formatted(service, policy, image);
  }
}
