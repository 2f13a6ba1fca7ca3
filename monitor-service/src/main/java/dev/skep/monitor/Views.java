package dev.skep.monitor;

import dev.skep.model.Codecs;
import dev.skep.model.cluster.Task;
import dev.skep.model.event.EventCodec;
import dev.skep.model.topic.TopicSpec;
import dev.skep.model.topic.Topics;
import dev.skep.monitor.cluster.ClusterModel;
import dev.skep.monitor.status.Part;
import dev.skep.runtime.Platform;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.runtime.kafka.TopicView.Change;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Every state topic as a view, each feeding the model of the cluster. */
final class Views implements AutoCloseable {
  private final Map<String, TopicView<?>> views = new LinkedHashMap<>();
  private final Platform platform;
  private final ClusterModel model;
  private final TopicView<Task> tasks;

  private Views(Platform platform, ClusterModel model) {
    this.platform = platform;
    this.model = model;
    open(Topics.NODES, Codecs.NODES, c -> model.node(c.key(), c.after()));
    open(Topics.SERVICES, Codecs.SERVICES, c -> model.service(c.key(), c.after()));
    open(Topics.NETWORKS, Codecs.NETWORKS, c -> model.network(c.key(), c.after()));
    open(Topics.STACKS, Codecs.STACKS, c -> model.stack(c.key(), c.after()));
    open(
        Topics.DEPLOYMENTS,
        Codecs.DEPLOYMENTS,
        c -> model.deployment(c.key(), c.after(), !c.replay()));
    open(Topics.ROUTES, Codecs.ROUTES, c -> model.route(c.key(), c.after()));
    open(Topics.EDGE_STATUS, Codecs.EDGE_STATUS, c -> model.edge(c.key(), c.after()));
    open(Topics.CERTIFICATES, Codecs.CERTIFICATES, c -> model.certificate(c.key(), c.after()));
    tasks = open(Topics.TASKS, Codecs.TASKS, c -> model.task(c.before(), c.after(), !c.replay()));
  }

  /** Opens all of them and returns at once. */
  static Views open(Platform platform, ClusterModel model) {
    return new Views(platform, model);
  }

  /** Whether all that the topics held at the start has been applied. */
  boolean ready() {
    return views.values().stream().allMatch(TopicView::ready);
  }

  /** The tasks: the one entity of which the model keeps no records, only tallies. */
  Collection<Task> tasks() {
    return tasks.values().values();
  }

  /** A task by its id; null if there is none. */
  Task task(String id) {
    return tasks.get(id).orElse(null);
  }

  /** How far each topic can be relied upon. */
  List<Part> parts() {
    return views.entrySet().stream().map(e -> part(e.getKey(), e.getValue())).toList();
  }

  private static Part part(String topic, TopicView<?> view) {
    if (!view.connected()) {
      return new Part(topic, false, "the broker does not answer; this is the last known state");
    }
    return view.ready()
        ? new Part(topic, true, "")
        : new Part(topic, false, "still being read: applied up to " + view.appliedOffset());
  }

  private <T> TopicView<T> open(
      TopicSpec topic, EventCodec<T> codec, Consumer<Change<T>> onChange) {
    TopicView<T> view =
        TopicView.open(
            platform,
            "monitor",
            topic,
            codec,
            change -> {
              onChange.accept(change);
              Instant made = change.meta() == null ? null : change.meta().time();
              model.applied(topic.name(), change.offset(), made);
            });
    views.put(topic.name(), view);
    return view;
  }

  @Override
  public void close() {
    views.values().forEach(TopicView::close);
  }
}
