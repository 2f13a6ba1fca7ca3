package dev.skep.deployer.image;

import dev.skep.deployer.image.policy.Followed;
import dev.skep.deployer.image.policy.PastImages;
import dev.skep.model.stack.Revision;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What the services of one stack run; the Engine is asked only for what nobody noted. */
final class Current {
  private final Supplier<Map<String, String>> engine;
  private final List<Revision> revisions;
  private Map<String, String> live;

  /**
   * @param engine the services' images as the Engine has them; asked once at most
   * @param revisions the stack's, newest first
   */
  Current(Supplier<Map<String, String>> engine, List<Revision> revisions) {
    this.engine = engine;
    this.revisions = revisions;
  }

  /** A service's image, with its digest where that is known; "" if nothing is. */
  String of(Followed service) {
    if (!service.pinned().isEmpty()) {
      return service.pinned();
    }
    String noted = PastImages.running(service.service(), revisions);
    if (!noted.isEmpty()) {
      return noted;
    }
    if (live == null) {
      live = engine.get();
    }
    return live.getOrDefault(service.service(), "");
  }
}
