package dev.skep.deployer.image.policy;

import java.util.Collection;
import java.util.List;

/** The tags of a repository. */
public final class VersionTags {
  private VersionTags() {}

  /** Those that are versions, each once: others need not be kept. */
  public static List<String> only(Collection<String> tags) {
    return tags.stream().filter(t -> VersionTag.of(t).isPresent()).distinct().toList();
  }
}
