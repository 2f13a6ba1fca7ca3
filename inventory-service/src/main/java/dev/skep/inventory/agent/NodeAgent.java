package dev.skep.inventory.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.engine.EventListener;
import dev.skep.engine.EventStream;
import dev.skep.engine.Filters;
import dev.skep.engine.Query;
import dev.skep.model.Codecs;
import dev.skep.model.cluster.Observation;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.SkepService;
import dev.skep.runtime.health.Health;
import dev.skep.runtime.kafka.PlainPublisher;
import dev.skep.runtime.kafka.Refusals;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.reconcile.RetryPolicy;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's agent.
 *
 * <ol>
 *   <li>Asks its Engine which node it is, until that is known.
 *   <li>Beats once a second, whether or not the Engine answers: its beat says that node and network
 *       live.
 *   <li>Follows the containers of Swarm's tasks: what they do, and when the stream opens what they
 *       are, so that nothing missed stays wrong. The stream is opened again with backoff.
 *   <li>Ends with a goodbye, so that its absence is not taken for the node's; without one if its
 *       Engine is ending too.
 * </ol>
 */
public final class NodeAgent implements SkepService {
  private static final Logger log = LoggerFactory.getLogger(NodeAgent.class);

  private static final Duration BEAT = Duration.ofSeconds(1);
  private static final Duration GOODBYE = Duration.ofSeconds(2);
  private static final Duration PING = Duration.ofSeconds(1);
  private static final RetryPolicy RETRY =
      new RetryPolicy(Duration.ofMillis(100), 2, Duration.ofSeconds(5), 0.3);
  private static final Filters EVENTS =
      Filters.of("type", "container")
          .and("event", "start", "health_status", "kill", "oom", "die")
          .and("label", ContainerEvents.TASK_ID);

  private final Platform platform;
  private final EngineClient engine;
  private final Counter published;
  private final Counter failed;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile PlainPublisher publisher;
  private volatile String nodeId;
  private volatile String trouble = "not yet connected";
  private volatile Instant lastBeat;

  public NodeAgent(Platform platform, EngineClient engine, NodeAgentConfig config) {
    this.platform = platform;
    this.engine = engine;
    this.published = counter("published", "Observations confirmed by the broker, beats included");
    this.failed = counter("failed", "Observations that the broker did not confirm");
    log.atDebug().addKeyValue("engine", config.engine().host()).log("Node agent configured");
  }

  @Override
  public String name() {
    return "node-agent";
  }

  @Override
  public void start() {
    publisher = PlainPublisher.open(platform, name());
    Thread.ofVirtual().name("node-agent-events").start(() -> guarded(this::follow));
    Thread.ofVirtual().name("node-agent-beat").start(() -> guarded(this::beat));
  }

  // -- the beat

  private void beat() throws InterruptedException {
    CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
    while (!closing.await(BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
      // A late beat says nothing that the next one does not say better: none are piled up.
      if (nodeId != null && last.isDone()) {
        last =
            publish(new Observation(nodeId, Observation.Kind.BEAT, null, null, null, null, now()));
      }
    }
  }

  // -- the containers

  private void follow() throws InterruptedException {
    int failures = 0;
    while (closing.getCount() > 0) {
      try {
        if (identify()) {
          EngineException end = followOnce();
          failures = trouble.isEmpty() ? 0 : failures;
          note(end);
        }
      } catch (EngineException e) {
        note(e);
      }
      Duration pause = RETRY.delay(++failures, ThreadLocalRandom.current());
      if (closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    }
  }

  /** Asked before each stream: a node that left the Swarm and joined again has another id. */
  private boolean identify() {
    String id = engine.info().path("Swarm").path("NodeID").asText("");
    if (id.isEmpty()) {
      trouble =
          "this Engine is in no Swarm: join one (docker swarm join), or remove the node agent";
      return false;
    }
    if (!id.equals(nodeId)) {
      nodeId = id;
      log.atInfo().addKeyValue("node", id).log("Node agent knows its node");
    }
    return true;
  }

  /** Follows one stream to its end, and says why it ended. */
  private EngineException followOnce() throws InterruptedException {
    BlockingQueue<EngineException> ends = new LinkedBlockingQueue<>();
    EventListener listener =
        new EventListener() {
          @Override
          public void onOpen() {
            trouble = "";
            for (JsonNode listed :
                engine.containers(Filters.of("label", ContainerEvents.TASK_ID))) {
              ContainerEvents.observation(listed, nodeId, now()).ifPresent(NodeAgent.this::report);
            }
          }

          @Override
          public void onEvent(JsonNode event) {
            ContainerEvents.observation(event, nodeId, new Inspection())
                .ifPresent(NodeAgent.this::report);
          }

          @Override
          public void onEnd(EngineException cause) {
            ends.add(cause);
          }
        };
    EventStream stream = engine.events(null, EVENTS, listener);
    try {
      while (closing.getCount() > 0) {
        EngineException end = ends.poll(200, TimeUnit.MILLISECONDS);
        if (end != null) {
          return end;
        }
      }
      return null;
    } finally {
      stream.close();
    }
  }

  private void note(EngineException end) {
    if (end != null && closing.getCount() > 0) {
      trouble = end.getMessage();
      log.atWarn().addKeyValue("reason", trouble).log("Node agent has lost its Engine");
    }
  }

  /** Reads the container, once for each event that leaves something open. */
  private final class Inspection implements ContainerEvents.Container {
    @Override
    public Boolean healthcheck(String containerId) {
      JsonNode container = inspect(containerId);
      return container == null ? null : container.path("State").has("Health");
    }

    @Override
    public String stopSignal(String containerId) {
      JsonNode container = inspect(containerId);
      return container == null ? "" : container.path("Config").path("StopSignal").asText("");
    }

    /** Null if it is gone by now, as short ones may be. */
    private JsonNode inspect(String containerId) {
      try {
        return engine.get("/containers/" + containerId + "/json", Query.none());
      } catch (EngineException e) {
        if (e.isNotFound()) {
          return null;
        }
        throw e;
      }
    }
  }

  // -- publishing

  /** Not waited for: a failure is counted and logged, and the Engine's own word heals it. */
  private void report(Observation observation) {
    var _ = publish(observation);
  }

  private CompletableFuture<Void> publish(Observation observation) {
    return publisher
        .publish(
            Write.put(
                Topics.OBSERVATIONS,
                Codecs.OBSERVATIONS,
                observation.nodeId(),
                observation,
                "seen",
                null))
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                published.increment();
                lastBeat = now();
              } else {
                failed.increment();
                if (!Refusals.say(platform.kafka(), failure)) {
                  log.atWarn().setCause(failure).log("Observation could not be published");
                }
              }
            })
        .toCompletableFuture();
  }

  private Counter counter(String result, String help) {
    return Counter.builder("skep.agent.observations." + result)
        .description(help)
        .register(platform.metrics());
  }

  private Instant now() {
    return platform.clock().instant();
  }

  private interface Loop {
    void run() throws InterruptedException;
  }

  private void guarded(Loop body) {
    try {
      body.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // While closing, the publisher may be closed under a loop's hands.
      if (closing.getCount() > 0) {
        platform.fatal().accept(e);
      }
    } catch (Error e) {
      platform.fatal().accept(e);
      throw e;
    }
  }

  @Override
  public Health health() {
    String broken = trouble;
    Instant beat = lastBeat;
    Health health =
        Health.of(true, broken.isEmpty() && beat != null)
            .with("engine", broken.isEmpty() ? "reachable" : "unreachable: " + broken)
            .with("lastConfirmed", beat == null ? "never" : beat.toString());
    return nodeId == null ? health : health.with("node", nodeId);
  }

  @Override
  public void close() {
    PlainPublisher open = publisher;
    if (open == null || closing.getCount() == 0) {
      return;
    }
    closing.countDown();
    if (nodeId != null && engineAnswers()) {
      sayGoodbye(open);
    }
    open.close();
  }

  /**
   * An Engine that is told to stop closes its API first, and stops its containers then. An agent
   * that is stopped while it does not answer goes with all that is on its node.
   */
  private boolean engineAnswers() {
    try {
      CompletableFuture.runAsync(engine::ping, Thread::startVirtualThread)
          .orTimeout(PING.toMillis(), TimeUnit.MILLISECONDS)
          .join();
      return true;
    } catch (CompletionException e) {
      log.atInfo().setCause(e.getCause()).log("The Engine does not answer: no goodbye");
      return false;
    }
  }

  private void sayGoodbye(PlainPublisher open) {
    Observation bye = new Observation(nodeId, Observation.Kind.BYE, null, null, null, null, now());
    try {
      open.publish(Write.put(Topics.OBSERVATIONS, Codecs.OBSERVATIONS, nodeId, bye, "seen", null))
          .toCompletableFuture()
          .orTimeout(GOODBYE.toMillis(), TimeUnit.MILLISECONDS)
          .join();
    } catch (RuntimeException e) {
      log.atWarn().setCause(e).log("Goodbye not confirmed; the node counts as silent in 3 s");
    }
  }
}
