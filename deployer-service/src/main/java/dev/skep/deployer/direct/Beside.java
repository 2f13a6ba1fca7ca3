package dev.skep.deployer.direct;

import dev.skep.model.stack.Revision;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What was deployed straight to the Engine, beside a deployer that has the stack. */
public sealed interface Beside {
  /** What runs for longer was broken off. */
  Duration LONGEST_DEPLOYMENT = Duration.ofHours(1);

  /** Nothing since. */
  record Nothing() implements Beside {}

  /** Somebody is at it. */
  record Running(Revision revision) implements Beside {}

  /** The newest one failed, or was broken off: people are to say what they want. */
  record Failed(Revision revision) implements Beside {}

  /** It is there: what people want now. */
  record Deployed(KeptRevision kept) implements Beside {}

  /**
   * Judges a stack's newest revision on the cluster.
   *
   * @param kept the stack's, in any order
   * @param since when the deployer's own newest revision was asked for
   */
  static Beside of(List<KeptRevision> kept, Instant since, Instant now) {
    Optional<KeptRevision> newest =
        kept.stream()
            .filter(k -> k.revision().at().isAfter(since))
            .max(Comparator.comparing(k -> k.revision().at()));
    if (newest.isEmpty()) {
      return new Nothing();
    }
    Revision revision = newest.get().revision();
    boolean young = revision.at().plus(LONGEST_DEPLOYMENT).isAfter(now);
    return switch (revision.phase()) {
      case SUCCEEDED -> new Deployed(newest.get());
      case RUNNING -> young ? new Running(revision) : new Failed(revision);
      case FAILED -> new Failed(revision);
    };
  }
}
