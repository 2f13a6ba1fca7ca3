package dev.skep.deployer.image.policy;

import dev.skep.deployer.compose.ImageName;
import dev.skep.deployer.image.policy.ImagePolicy.Versions;
import dev.skep.deployer.plan.ImagePins.Pin;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a service is to run. */
public sealed interface Choice {
  /** What it runs already, or there is nothing newer, or nothing is known yet. */
  record Stay() implements Choice {}

  /**
   * Another image.
   *
   * @param image its name, without the digest
   * @param pin with the digest
   */
  record Roll(ImageReference image, Pin pin) implements Choice {}

  /**
   * What the registry has was tried, and the stack was taken back from it since.
   *
   * @param image with its digest, or the tag
   */
  record TakenBack(String image) implements Choice {}

  /**
   * Decides.
   *
   * @param current the image with its digest that it is known to run or to be meant to; "" if that
   *     is not known
   * @param tried images, with their digests, from which the stack was taken back
   */
  static Choice of(Followed service, Told told, String current, Set<String> tried) {
    return service.policy() instanceof Versions(VersionRange range)
        ? newest(service, range, told, tried)
        : pointedTo(service, told, current, tried);
  }

  /** The tag of the range's newest version, if it is newer than the service's. */
  static Optional<String> candidate(Followed service, Told told, Set<String> tried) {
    return service.policy() instanceof Versions(VersionRange range)
        ? VersionTag.of(service.image().tag())
            .flatMap(now -> now.newest(range, told.tags(), tags(service, tried)))
            .map(VersionTag::tag)
        : Optional.of(service.image().tag());
  }

  private static Choice pointedTo(Followed service, Told told, String current, Set<String> tried) {
    Pin pin = told.pins().get(service.image().tag());
    if (pin == null || sameDigest(pin.image(), current)) {
      return new Stay();
    }
    return tried.stream().anyMatch(t -> sameDigest(t, pin.image()))
        ? new TakenBack(pin.image())
        : new Roll(service.image(), pin);
  }

  private static Choice newest(Followed service, VersionRange range, Told told, Set<String> tried) {
    Optional<VersionTag> now = VersionTag.of(service.image().tag());
    Optional<String> found = candidate(service, told, tried);
    if (found.isPresent()) {
      Pin pin = told.pins().get(found.get());
      return pin == null ? new Stay() : new Roll(service.image().withTag(found.get()), pin);
    }
    return now.flatMap(n -> n.newest(range, told.tags(), Set.of()))
        .<Choice>map(t -> new TakenBack(service.image().withTag(t.tag()).name()))
        .orElseGet(Stay::new);
  }

  /** The tags of tried images of the same repository. */
  private static Set<String> tags(Followed service, Set<String> tried) {
    return tried.stream()
        .flatMap(t -> ImageReference.of(withoutDigest(t)).stream())
        .filter(t -> t.withTag("x").equals(service.image().withTag("x")))
        .map(ImageReference::tag)
        .collect(Collectors.toSet());
  }

  private static boolean sameDigest(String a, String b) {
    return ImageName.hasDigest(a)
        && ImageName.hasDigest(b)
        && a.substring(a.indexOf('@')).equals(b.substring(b.indexOf('@')));
  }

  private static String withoutDigest(String image) {
    return ImageName.hasDigest(image) ? image.substring(0, image.indexOf('@')) : image;
  }
}
