package dev.skep.deployer.image.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.stack.Revision;
import dev.skep.model.stack.Revision.Image;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What a stack's revisions tell of a service's images. */
public final class PastImages {
  /** An option of revisions that rolled a service: this, and its full name. */
  public static final String OPTION = "image.";

  private PastImages() {}

  /**
   * The image with its digest that a service was seen to run when the newest revision was applied.
   *
   * @param revisions the stack's, newest first
   * @return "" if it is not known
   */
  public static String running(String service, List<Revision> revisions) {
    return revisions.isEmpty() ? "" : ran(service, revisions.getFirst()).orElse("");
  }

  /** A revision with what its command says of images; without, as it is. */
  public static Revision note(Revision revision, JsonNode about) {
    Revision noted = revision;
    if (about != null) {
      for (var image : about.path("images").properties()) {
        noted = noted.with(OPTION + image.getKey(), image.getValue().path("image").asText());
      }
    }
    return noted;
  }

  /**
   * The images from which a service was taken back: those of the revisions between the newest one
   * and that which it repeats. None if the newest one that concerns the service's image repeats
   * none: who deploys anew, or a newer image, begins anew.
   *
   * @param revisions the stack's, newest first
   */
  public static Set<String> takenBack(String service, List<Revision> revisions) {
    Set<String> images = new TreeSet<>();
    long repeated = repeated(service, revisions);
    for (Revision between : revisions) {
      if (between.number() > repeated) {
        ran(service, between).ifPresent(images::add);
        String rolled = between.options().get(OPTION + service);
        if (rolled != null) {
          images.add(rolled);
        }
      }
    }
    images.remove(running(service, revisions));
    return images;
  }

  /** The revision that the newest one repeats; the greatest number if it repeats none. */
  private static long repeated(String service, List<Revision> revisions) {
    long result = Long.MAX_VALUE;
    Optional<Revision> next = revisions.stream().findFirst();
    while (next.isPresent()) {
      Revision revision = next.get();
      boolean others = ofOthers(service, revision);
      if (!others && revision.rollbackOf() == 0) {
        break;
      }
      result = others ? result : revision.rollbackOf();
      long at = others ? revision.number() - 1 : result;
      next =
          revisions.stream()
              .filter(r -> r.number() < revision.number() && r.number() <= at)
              .findFirst();
    }
    return result;
  }

  private static Optional<String> ran(String service, Revision revision) {
    return revision.images().stream()
        .filter(i -> i.services().contains(service))
        .map(Image::image)
        .findFirst();
  }

  /** Whether a revision only rolled other services. */
  private static boolean ofOthers(String service, Revision revision) {
    boolean rolled = revision.options().keySet().stream().anyMatch(o -> o.startsWith(OPTION));
    return rolled && !revision.options().containsKey(OPTION + service);
  }
}
