package dev.skep.deployer.schedule.run;

import dev.skep.engine.EngineClient;
import dev.skep.model.Codecs;
import dev.skep.model.cluster.Service;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.kafka.TopicView;
import io.vertx.ext.web.Router;
import java.time.Duration;

/**
 * The schedules of all services of the cluster, as the inventory knows them, whoever deployed them.
 * While the inventory is away, those that are known go on.
 */
public final class Schedules implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Scheduler scheduler;
  private final TopicView<Service> services;
  private volatile boolean closed;

  private Schedules(Platform platform, String reader, EngineClient engine) {
    this.scheduler = new Scheduler(engine, platform.clock(), platform.metrics());
    this.services =
        TopicView.open(
            platform,
            reader,
            Topics.SERVICES,
            Codecs.SERVICES,
            change -> {
              if (change.after() == null) {
                scheduler.removed(change.key());
              } else {
                scheduler.observed(change.after());
              }
            });
    Thread.ofVirtual().name("schedules-start").start(this::beginWhenReady);
  }

  /**
   * Begins to run services, as soon as the topic has been read.
   *
   * @param reader as which lag is told
   */
  public static Schedules open(Platform platform, String reader, EngineClient engine) {
    return new Schedules(platform, reader, engine);
  }

  private void beginWhenReady() {
    while (!services.awaitReady(PATIENCE)) {
      if (closed || Thread.currentThread().isInterrupted()) {
        return;
      }
    }
    scheduler.begin();
  }

  /** Adds the endpoints. */
  public void mount(Router router) {
    new ScheduleApi(scheduler).mount(router);
  }

  @Override
  public void close() {
    closed = true;
    services.close();
    scheduler.close();
  }
}
