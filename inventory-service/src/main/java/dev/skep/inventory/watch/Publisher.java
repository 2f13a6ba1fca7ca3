package dev.skep.inventory.watch;

import dev.skep.inventory.ledger.ChangeSink;
import dev.skep.inventory.ledger.Ledger;
import dev.skep.model.Codecs;
import dev.skep.model.cluster.Network;
import dev.skep.model.cluster.Node;
import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;
import dev.skep.model.event.EventCodec;
import dev.skep.model.topic.TopicSpec;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Publishes what the ledger says has changed. */
final class Publisher {
  /** Writes in one transaction: so many records are a few MB at most. */
  private static final int BATCH = 2_000;

  private final Consumer<List<Write<?>>> writer;

  Publisher(Consumer<List<Write<?>>> writer) {
    this.writer = writer;
  }

  /**
   * Publishes; returns how many records. What was published is confirmed to the ledger only when
   * all of it was: after a failure the same is published again, which changes nothing.
   *
   * @throws dev.skep.runtime.kafka.PublishException if the broker did not confirm
   */
  int publish(Ledger ledger) {
    Writes writes = new Writes();
    ledger.changes(writes);
    List<Write<?>> all = writes.all;
    for (int from = 0; from < all.size(); from += BATCH) {
      writer.accept(all.subList(from, Math.min(all.size(), from + BATCH)));
    }
    ledger.confirm();
    return all.size();
  }

  private static final class Writes implements ChangeSink {
    private final List<Write<?>> all = new ArrayList<>();

    @Override
    public void node(String key, Node before, Node after, String cause) {
      add(Topics.NODES, Codecs.NODES, key, before, after, cause);
    }

    @Override
    public void service(String key, Service before, Service after, String cause) {
      add(Topics.SERVICES, Codecs.SERVICES, key, before, after, cause);
    }

    @Override
    public void task(String key, Task before, Task after, String cause) {
      add(Topics.TASKS, Codecs.TASKS, key, before, after, cause);
    }

    @Override
    public void network(String key, Network before, Network after, String cause) {
      add(Topics.NETWORKS, Codecs.NETWORKS, key, before, after, cause);
    }

    private <T> void add(
        TopicSpec topic, EventCodec<T> codec, String key, T before, T after, String cause) {
      all.add(
          after == null
              ? Write.delete(topic, codec, key)
              : Write.put(topic, codec, key, after, before == null ? "created" : "updated", cause));
    }
  }
}
