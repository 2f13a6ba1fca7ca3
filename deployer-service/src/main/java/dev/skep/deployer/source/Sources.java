package dev.skep.deployer.source;

import dev.skep.deployer.source.declare.Source;
import dev.skep.deployer.source.declare.SourcesFile;
import dev.skep.deployer.source.read.Problem;
import dev.skep.deployer.source.secret.SopsProgram;
import dev.skep.runtime.reconcile.KeyedReconciler;
import dev.skep.runtime.reconcile.Outcome;
import dev.skep.runtime.reconcile.RetryPolicy;
import io.vertx.ext.web.Router;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** All sources: looks at each from time to time, and at once when told to. */
public final class Sources implements AutoCloseable {
  /** The path of webhooks, which need no token. */
  public static final String HOOKS = "/hooks/git/";

  /** Where Swarm puts secrets. */
  private static final Path SECRETS = Path.of("/run/secrets");

  /** How soon a change of the file is seen. */
  private static final Duration LOOK = Duration.ofSeconds(5);

  /** Each its own: a host that does not answer must not keep the others waiting. */
  private static final int MOST_AT_A_TIME = 64;

  /** Many times what hosts and commits may take; some more for asking for hundreds of stacks. */
  static final Duration LONGEST_LOOK = Duration.ofMinutes(30);

  private static final RetryPolicy RETRY =
      new RetryPolicy(Duration.ofSeconds(2), 2, Duration.ofMinutes(5), 0.3);

  private final Map<String, Source> sources = new ConcurrentHashMap<>();
  private final Map<String, SourceState> states = new ConcurrentHashMap<>();
  private final DeclaredSources declared;
  private final StackGate gate;
  private final Clock clock;
  private final StatusReporter reporter;
  private final KeyedReconciler<String> reconciler;
  private final KeyedReconciler<String> declarations;

  /** What is wrong with the file itself, and with sources that cannot be used. */
  private volatile SourcesFile told = SourcesFile.none();

  private Sources(
      DeclaredSources declared,
      StackGate gate,
      SopsProgram sops,
      Clock clock,
      Duration commandLife,
      Path work) {
    this.declared = declared;
    this.gate = gate;
    this.clock = clock;
    Commands commands = new Commands(gate, clock, commandLife);
    this.reporter = new StatusReporter(sources, states, clock);
    SourceReconciler reconcile =
        new SourceReconciler(sources, states, gate, commands, sops, reporter::mark, work, clock);
    this.reconciler =
        KeyedReconciler.<String>named("sources", reconcile::reconcile)
            .parallelism(MOST_AT_A_TIME)
            .retry(RETRY)
            .clock(clock)
            .start();
    this.declarations =
        KeyedReconciler.<String>named("declared-sources", (key, run) -> declare())
            .clock(clock)
            .start();
  }

  /**
   * Reads what is declared and begins to look; reads it again whenever it changes. What is wrong
   * with it is logged and told by {@link #statuses}; it never keeps the deployer from its other
   * work.
   *
   * @param declared the file; null: there are no sources
   * @param sops opens what SOPS encrypted
   * @param commandLife how long a command may wait to be taken up
   */
  public static Sources open(
      Path declared, StackGate gate, SopsProgram sops, Clock clock, Duration commandLife) {
    Path work = Path.of(System.getProperty("java.io.tmpdir"));
    Sources opened =
        new Sources(new DeclaredSources(declared, SECRETS), gate, sops, clock, commandLife, work);
    opened.declare();
    if (declared != null) {
      opened.declarations.mark("file", "start");
    }
    return opened;
  }

  /** Makes the sources those that are declared now. */
  private synchronized Outcome declare() {
    declared.changed().ifPresent(this::take);
    return Outcome.retryAfter(LOOK);
  }

  private void take(SourcesFile file) {
    told = file;
    if (file.unreadable()) {
      // What was declared before goes on.
      return;
    }
    Set<String> names = file.sources().stream().map(Source::name).collect(Collectors.toSet());
    states.keySet().retainAll(names);
    sources.keySet().retainAll(names);
    for (Source source : file.sources()) {
      if (!source.equals(sources.put(source.name(), source))) {
        states.put(source.name(), new SourceState(source, gate));
        reporter.forget(source.name());
        reconciler.mark(source.name(), "declared");
      }
    }
  }

  /** A source by its name, or null. */
  Source source(String name) {
    return sources.get(name);
  }

  /** Looks at a source now. */
  void poll(String name, String trigger) {
    reconciler.mark(name, trigger);
  }

  /** How all are doing, by name. */
  List<SourceStatus> statuses() {
    Instant now = clock.instant();
    List<SourceStatus> result = new ArrayList<>();
    states.forEach(
        (name, state) -> result.add(state.status(now).withReporting(reporter.problem(name))));
    told.broken()
        .forEach(
            (name, problems) ->
                result.add(
                    new SourceStatus(
                        name,
                        null,
                        null,
                        "broken",
                        null,
                        null,
                        null,
                        null,
                        problems.stream().map(Problem::of).toList(),
                        List.of(),
                        "")));
    result.sort(Comparator.comparing(SourceStatus::name));
    return result;
  }

  /** What is wrong with the file itself. */
  List<Problem> problems() {
    return told.problems().stream().map(Problem::of).toList();
  }

  /**
   * Whether no look has been going on for too long. For liveness: what is asked of a host, and the
   * reading of a commit, end much earlier, so that a slow host never makes this false.
   */
  public boolean progressing() {
    return reconciler.progressing(LONGEST_LOOK);
  }

  /** Adds the endpoints. */
  public void mount(Router router) {
    new SourcesApi(this).mount(router);
  }

  @Override
  public void close() {
    declarations.close();
    reconciler.close();
    reporter.close();
  }
}
