package dev.skep.deployer.source;

import dev.skep.deployer.source.declare.Source;
import dev.skep.deployer.source.status.CommitStatus;
import dev.skep.deployer.source.status.Pace;
import dev.skep.deployer.source.status.StatusSender;
import dev.skep.deployer.source.status.StatusSender.NotSentException;
import dev.skep.runtime.reconcile.KeyedReconciler;
import dev.skep.runtime.reconcile.Outcome;
import dev.skep.runtime.reconcile.RetryPolicy;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the hosts of repositories what became of their commits: what should be told is compared
 * with what was told last, and what differs is sent. Whatever goes wrong here touches no
 * deployment. What was told is not kept beyond the process: after a restart it is told once more.
 */
final class StatusReporter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StatusReporter.class);

  /** How soon a change of a deployment that goes on is seen. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  private static final int MOST_AT_A_TIME = 8;
  private static final RetryPolicy RETRY =
      new RetryPolicy(Duration.ofSeconds(2), 2, Duration.ofMinutes(5), 0.3);

  private final Map<String, Source> sources;
  private final Map<String, SourceState> states;
  private final Clock clock;
  private final StatusSender sender = new StatusSender();
  private final Map<String, Told> told = new ConcurrentHashMap<>();
  private final KeyedReconciler<String> reconciler;

  /** What one source's host was told; used by one run at a time. */
  private static final class Told {
    private final Map<String, CommitStatus> last = new LinkedHashMap<>();
    private final Pace pace = new Pace();
    private int failures;
    private volatile String problem = "";
  }

  StatusReporter(Map<String, Source> sources, Map<String, SourceState> states, Clock clock) {
    this.sources = sources;
    this.states = states;
    this.clock = clock;
    this.reconciler =
        KeyedReconciler.<String>named("commit-status", (name, run) -> reconcile(name))
            .parallelism(MOST_AT_A_TIME)
            .retry(RETRY)
            .clock(clock)
            .start();
  }

  /** Something may have to be told. */
  void mark(String source) {
    Source declared = sources.get(source);
    if (declared != null && declared.status().isPresent()) {
      reconciler.mark(source, "commit");
    }
  }

  /** Where it is told may have changed: what was told elsewhere does not count. */
  void forget(String source) {
    told.remove(source);
  }

  /** Why nothing can be told for now; "" if all was. */
  String problem(String source) {
    Told own = told.get(source);
    return own == null ? "" : own.problem;
  }

  private Outcome reconcile(String name) throws InterruptedException {
    Source source = sources.get(name);
    SourceState state = states.get(name);
    if (source == null || state == null || source.status().isEmpty()) {
      told.remove(name);
      return Outcome.done();
    }
    Told own = told.computeIfAbsent(name, n -> new Told());
    List<CommitStatus> wanted = CommitStatuses.wanted(state.status(clock.instant()));
    for (CommitStatus status : CommitStatuses.unsent(own.last, wanted)) {
      if (!own.pace.take(clock.instant())) {
        return Outcome.retryAfter(own.pace.left(clock.instant()).plus(LOOK));
      }
      try {
        send(source, own, status);
      } catch (NotSentException e) {
        if (!e.getMessage().equals(own.problem)) {
          log.atWarn()
              .addKeyValue("source", name)
              .addKeyValue("reason", e.getMessage())
              .log("The status of a commit cannot be told; it is tried again");
        }
        own.problem = e.getMessage();
        own.failures++;
        Duration wait = RETRY.delay(own.failures, ThreadLocalRandom.current());
        return Outcome.retryAfter(e.waitFor().orElse(wait));
      }
    }
    own.problem = "";
    own.failures = 0;
    boolean open = wanted.stream().anyMatch(s -> s.state() == CommitStatus.State.PENDING);
    return open ? Outcome.retryAfter(LOOK) : Outcome.done();
  }

  private void send(Source source, Told own, CommitStatus status)
      throws NotSentException, InterruptedException {
    Optional<String> refused =
        sender.send(source.status().orElseThrow(), status, source.reference());
    refused.ifPresent(
        why ->
            log.atWarn()
                .addKeyValue("source", source.name())
                .addKeyValue("commit", status.commit())
                .addKeyValue("context", status.context())
                .addKeyValue("reason", why)
                .log("The host does not take the status of a commit"));
    own.last.put(status.context(), status);
  }

  @Override
  public void close() {
    reconciler.close();
    sender.close();
  }
}
