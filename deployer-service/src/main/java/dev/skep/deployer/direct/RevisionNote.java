package dev.skep.deployer.direct;

import dev.skep.deployer.revision.Revisions;
import dev.skep.engine.EngineException;
import dev.skep.model.stack.Deployment.Phase;
import dev.skep.model.stack.Revision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The note of a revision that is being deployed: kept when it begins, changed when it ends. What
 * goes wrong with it is a warning, since the deployment is worth more than its note.
 */
final class RevisionNote {
  /** One that was begun longer ago was broken off, or waits for its services. */
  private static final Duration RECENTLY = Duration.ofMinutes(2);

  /** As {@code ApplyOptions.told} has it. */
  private static final String TIMEOUT_OPTION = "timeoutSeconds";

  /** Who comes at the same time takes the next number. */
  private static final int NUMBERS_TRIED = 32;

  private final RevisionConfigs configs;
  private final List<KeptRevision> kept;
  private final List<String> warnings = new ArrayList<>();

  /** Null if it could not be kept. */
  private volatile KeptRevision own;

  /** Who is interrupted notes that, while whoever deploys may still come to its own end. */
  private boolean noted;

  /** The number that it would have if nobody came at the same time. */
  private final long wanted;

  private RevisionNote(RevisionConfigs configs, List<KeptRevision> before, long wanted) {
    this.configs = configs;
    this.wanted = wanted;
    this.kept = new ArrayList<>(before);
  }

  /**
   * Keeps a revision that begins.
   *
   * @param before the stack's kept ones, newest first
   */
  static RevisionNote begin(
      RevisionConfigs configs, List<KeptRevision> before, Revision begun, byte[] packed) {
    RevisionNote note = new RevisionNote(configs, before, begun.number());
    note.keep(begun, packed);
    return note;
  }

  private void keep(Revision begun, byte[] packed) {
    String why = "";
    for (int i = 0; i < NUMBERS_TRIED && own == null; i++) {
      try {
        own = configs.keep(begun.numbered(begun.number() + i), packed);
      } catch (IllegalArgumentException e) {
        why = e.getMessage();
        break;
      } catch (EngineException e) {
        why = e.reason();
        if (!e.isConflict()) {
          break;
        }
      }
    }
    if (own == null) {
      warnings.add("this revision is not kept, it cannot be gone back to: " + why);
    }
  }

  /** The revision's number; 0 if it is not kept. */
  long number() {
    return own == null ? 0 : own.revision().number();
  }

  /** Whether somebody else deploys the stack at the same time. */
  boolean contended(Instant now) {
    boolean jumped = own != null && own.revision().number() > wanted;
    return own != null
        && (jumped || kept.stream().anyMatch(k -> RevisionNote.underWay(k.revision(), now)));
  }

  /** Whether one older than this is being deployed. */
  boolean olderUnderWay(Instant now) {
    return own != null
        && configs.of(own.revision().stack()).stream()
            .map(KeptRevision::revision)
            .anyMatch(r -> r.number() < own.revision().number() && underWay(r, now));
  }

  /** Whether one that stands as running does so no more, as its process is not there to note it. */
  static boolean brokenOff(Revision revision, long newest, Instant now) {
    if (revision.phase() != Phase.RUNNING) {
      return false;
    }
    Duration longest = Beside.LONGEST_DEPLOYMENT;
    Duration waits = waits(revision).plus(RECENTLY);
    return revision.at().plus(waits.compareTo(longest) > 0 ? waits : longest).isBefore(now)
        || (revision.number() < newest && !underWay(revision, now));
  }

  /** For how long its services may be waited for. */
  private static Duration waits(Revision revision) {
    try {
      return Duration.ofSeconds(
          Long.parseLong(revision.options().getOrDefault(TIMEOUT_OPTION, "0")));
    } catch (NumberFormatException e) {
      return Duration.ZERO;
    }
  }

  private static boolean underWay(Revision revision, Instant now) {
    return revision.phase() == Phase.RUNNING && revision.at().plus(RECENTLY).isAfter(now);
  }

  /** Whether somebody else has begun to deploy the stack after this. */
  boolean overtaken() {
    return own != null && configs.exists(own.revision().stack(), own.revision().number() + 1);
  }

  /** What went wrong with it. */
  List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** The stack's kept revisions, newest first, this one among them when it has ended. */
  List<KeptRevision> kept() {
    return List.copyOf(kept);
  }

  /** Notes the end, and drops what is not kept any more. Only the first call does anything. */
  synchronized void end(UnaryOperator<Revision> ended) {
    if (own == null || noted) {
      return;
    }
    noted = true;
    Revision now = ended.apply(own.revision());
    try {
      own = configs.change(own, now);
    } catch (EngineException e) {
      warnings.add(
          "what came of revision %d was not noted: %s".formatted(now.number(), e.reason()));
    }
    kept.addFirst(own);
    Set<Long> outdated =
        Revisions.outdated(kept.stream().map(KeptRevision::revision).toList(), Revisions.KEPT)
            .stream()
            .map(Revision::number)
            .collect(Collectors.toSet());
    kept.stream().filter(k -> outdated.contains(k.revision().number())).forEach(this::drop);
    kept.removeIf(k -> outdated.contains(k.revision().number()));
  }

  private void drop(KeptRevision old) {
    try {
      configs.remove(old);
    } catch (EngineException e) {
      if (e.isNotFound()) {
        // Who deployed at the same time has dropped it.
        return;
      }
      warnings.add(
          "revision %d was not dropped: %s".formatted(old.revision().number(), e.reason()));
    }
  }
}
