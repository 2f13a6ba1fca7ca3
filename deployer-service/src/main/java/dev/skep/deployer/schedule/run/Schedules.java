package dev.skep.deployer.schedule.run;

import dev.skep.engine.EngineClient;
import dev.skep.model.cluster.Service;
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
  private volatile boolean closed;

  /** Runs nothing before {@link #beginAfter}. */
  public Schedules(Platform platform, EngineClient engine) {
    this.scheduler = new Scheduler(engine, platform.clock(), platform.metrics());
  }

  /** What the inventory tells of a service. */
  public void changed(TopicView.Change<Service> change) {
    if (change.after() == null) {
      scheduler.removed(change.key());
    } else {
      scheduler.observed(change.after());
    }
  }

  /** Begins to run services, as soon as all that the topic holds has been told. */
  public void beginAfter(TopicView<Service> services) {
    Thread.ofVirtual().name("schedules-start").start(() -> beginWhenReady(services));
  }

  private void beginWhenReady(TopicView<Service> services) {
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
    scheduler.close();
  }
}
