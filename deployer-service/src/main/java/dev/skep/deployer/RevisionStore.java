package dev.skep.deployer;

import dev.skep.deployer.revision.PackedBody;
import dev.skep.deployer.revision.Revisions;
import dev.skep.deployer.state.StackBody;
import dev.skep.model.Codecs;
import dev.skep.model.Sealed;
import dev.skep.model.event.EventCodec;
import dev.skep.model.event.UnreadableEventException;
import dev.skep.model.stack.Revision;
import dev.skep.model.stack.RevisionBody;
import dev.skep.model.stack.RevisionEntry;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.kafka.RecordReader;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.runtime.kafka.TopicView.Change;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.runtime.seal.SealException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The kept revisions of all stacks. Of a body only its place in the topic is held: it is read when
 * it is asked for. Thread-safe.
 */
final class RevisionStore implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** That a body is there: a tolerant reader leaves the body itself out. */
  record BodyPlace(String stack, long number) {}

  private static final EventCodec<Object> WITHOUT_BODIES =
      EventCodec.<Object>create()
          .and("revision", Revision.class)
          .and("revision-body", BodyPlace.class);

  private final PrivateKeyRing keys;
  private final TopicView<Object> view;
  private final RecordReader<RevisionEntry> reader;

  /** Key to offset. */
  private final Map<String, Long> bodies = new ConcurrentHashMap<>();

  /** What was written here and the view may not show yet. */
  private final Map<String, Revision> written = new ConcurrentHashMap<>();

  private RevisionStore(Platform platform, String service, PrivateKeyRing keys) {
    this.keys = keys;
    this.reader =
        new RecordReader<>(platform, service, Topics.REVISIONS, Codecs.REVISIONS, PATIENCE);
    this.view = TopicView.open(platform, service, Topics.REVISIONS, WITHOUT_BODIES, this::applied);
  }

  static RevisionStore open(Platform platform, String service, PrivateKeyRing keys) {
    return new RevisionStore(platform, service, keys);
  }

  private void applied(Change<Object> change) {
    if (change.key().endsWith("/body")) {
      if (change.after() == null) {
        bodies.remove(change.key());
      } else {
        bodies.put(change.key(), change.offset());
      }
    } else if (change.after() instanceof Revision revision) {
      written.computeIfPresent(
          change.key(), (k, mine) -> mine.phase() == revision.phase() ? null : mine);
    }
  }

  boolean ready() {
    return view.ready();
  }

  boolean awaitReady(Duration timeout) {
    return view.awaitReady(timeout);
  }

  /** All that are kept. */
  Collection<Revision> all() {
    Map<String, Revision> all = new HashMap<>();
    view.values()
        .forEach(
            (key, value) -> {
              if (value instanceof Revision revision) {
                all.put(key, revision);
              }
            });
    all.putAll(written);
    return all.values();
  }

  /** One stack's, newest first. */
  List<Revision> of(String stack) {
    return Revisions.of(stack, all());
  }

  /**
   * A revision's body.
   *
   * @return empty if none is kept of it
   * @throws IllegalArgumentException if it cannot be read, with the reason
   * @throws dev.skep.runtime.kafka.PublishException if the broker does not answer
   */
  Optional<StackBody> body(String stack, long number) {
    String key = RevisionBody.key(stack, number);
    Long offset = bodies.get(key);
    if (offset == null) {
      return Optional.empty();
    }
    try {
      return reader
          .read(key, offset)
          .map(RevisionBody.class::cast)
          .map(kept -> keys.open(kept.body(), PackedBody.sealingContext(stack, number)))
          .map(PackedBody::unpack);
    } catch (UnreadableEventException | SealException e) {
      throw new IllegalArgumentException(
          "revision %d of stack %s cannot be read: %s".formatted(number, stack, e.getMessage()), e);
    }
  }

  /** Remembers what is about to be written: the view lags behind. */
  Write<?> put(Revision revision, String what) {
    written.put(revision.key(), revision);
    return Write.put(
        Topics.REVISIONS, Codecs.REVISIONS, revision.key(), revision, what, revision.command());
  }

  Write<?> putBody(StackBody body, long number, String command) {
    Sealed sealed =
        keys.publicKeys()
            .seal(PackedBody.pack(body), PackedBody.sealingContext(body.stack(), number));
    RevisionBody kept = new RevisionBody(body.stack(), number, sealed);
    return Write.put(Topics.REVISIONS, Codecs.REVISIONS, kept.key(), kept, "kept", command);
  }

  /** The records that drop a revision. */
  List<Write<?>> drop(Revision revision) {
    written.remove(revision.key());
    List<Write<?>> writes = new ArrayList<>();
    String body = RevisionBody.key(revision.stack(), revision.number());
    writes.add(Write.delete(Topics.REVISIONS, Codecs.REVISIONS, revision.key()));
    writes.add(Write.delete(Topics.REVISIONS, Codecs.REVISIONS, body));
    return writes;
  }

  /** The command was put aside: what it wrote was never committed. */
  void forget(String command) {
    written.values().removeIf(r -> r.command().equals(command));
  }

  @Override
  public void close() {
    view.close();
  }
}
