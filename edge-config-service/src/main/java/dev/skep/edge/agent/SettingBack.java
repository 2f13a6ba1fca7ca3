package dev.skep.edge.agent;

import dev.skep.edge.StoreGuard.Extent;
import dev.skep.edge.StoreGuard.Objection;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long an edge waits for a topic that a power cut has set back. The broker forces to disk at
 * once only what nobody could write anew; of the rest the last half minute can be missing. Its
 * writer makes it good within seconds of its start: until it has begun to, and had the time to
 * finish, what was served before is better than what is found. It may have done so before this edge
 * looked, with fewer records than were lost: so there is an end to the waiting.
 */
final class SettingBack {
  /** From a writer's first record; several times what edge-config needs to write what differs. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Without a record of the writer's: longer than it takes to be started on another node. */
  static final Duration LONGEST = Duration.ofMinutes(5);

  private static final Logger log = LoggerFactory.getLogger(SettingBack.class);
  private static final long NOBODY = -1;

  private final LongSupplier nanos;
  private String behind;
  private long endAtFirst;
  private long firstAt;
  private boolean written;
  private long writtenAt;

  SettingBack() {
    this(System::nanoTime);
  }

  SettingBack(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * The objection that stands now.
   *
   * @param extents of the topics, as they were judged
   */
  Optional<Objection> judge(Optional<Objection> found, Map<String, Extent> extents) {
    if (found.isEmpty() || !found.get().passing()) {
      behind = null;
      return found;
    }
    long now = nanos.getAsLong();
    String topic = found.get().behind();
    long end = extents.containsKey(topic) ? extents.get(topic).end() : NOBODY;
    if (!topic.equals(behind) || end < endAtFirst) {
      behind = topic;
      endAtFirst = end;
      firstAt = now;
      written = false;
    }
    if (!written && end > endAtFirst) {
      written = true;
      writtenAt = now;
    }
    boolean over =
        now - firstAt >= LONGEST.toNanos() || (written && now - writtenAt >= PATIENCE.toNanos());
    if (!over) {
      return found;
    }
    log.atWarn()
        .addKeyValue("reason", found.get().why())
        .log("The topic stays behind; it is taken as it is");
    behind = null;
    return Optional.empty();
  }
}
