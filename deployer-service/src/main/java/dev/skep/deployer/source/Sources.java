package dev.skep.deployer.source;

import dev.skep.deployer.source.declare.Source;
import dev.skep.deployer.source.declare.SourcesFile;
import dev.skep.deployer.source.read.Problem;
import dev.skep.runtime.reconcile.KeyedReconciler;
import dev.skep.runtime.reconcile.RetryPolicy;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All sources: looks at each from time to time, and at once when told to. */
public final class Sources implements AutoCloseable {
  /** The path of webhooks, which need no token. */
  public static final String HOOKS = "/hooks/git/";

  private static final Logger log = LoggerFactory.getLogger(Sources.class);

  /** Where Swarm puts secrets. */
  private static final Path SECRETS = Path.of("/run/secrets");

  private static final long FILE_LIMIT = 1024 * 1024;

  /** Each its own: a host that does not answer must not keep the others waiting. */
  private static final int MOST_AT_A_TIME = 64;

  private static final RetryPolicy RETRY =
      new RetryPolicy(Duration.ofSeconds(2), 2, Duration.ofMinutes(5), 0.3);

  private final SourcesFile file;
  private final Map<String, Source> sources = new LinkedHashMap<>();
  private final Map<String, SourceState> states = new LinkedHashMap<>();
  private final Clock clock;
  private final KeyedReconciler<String> reconciler;

  private Sources(SourcesFile file, StackGate gate, Clock clock, Duration commandLife, Path work) {
    this.file = file;
    this.clock = clock;
    for (Source source : file.sources()) {
      sources.put(source.name(), source);
      states.put(source.name(), new SourceState(source, gate));
    }
    Commands commands = new Commands(gate, clock, commandLife);
    SourceReconciler reconcile = new SourceReconciler(sources, states, gate, commands, work, clock);
    this.reconciler =
        KeyedReconciler.<String>named("sources", reconcile::reconcile)
            .parallelism(Math.clamp(sources.size(), 1, MOST_AT_A_TIME))
            .retry(RETRY)
            .clock(clock)
            .start();
    sources.keySet().forEach(name -> reconciler.mark(name, "start"));
  }

  /**
   * Reads what is declared and begins to look. What is wrong with it is logged and told by {@link
   * #statuses}; it never keeps the deployer from its other work.
   *
   * @param declared the file; null: there are no sources
   * @param commandLife how long a command may wait to be taken up
   */
  public static Sources open(Path declared, StackGate gate, Clock clock, Duration commandLife) {
    return new Sources(
        read(declared), gate, clock, commandLife, Path.of(System.getProperty("java.io.tmpdir")));
  }

  private static SourcesFile read(Path declared) {
    if (declared == null) {
      return SourcesFile.none();
    }
    SourcesFile file;
    try {
      if (Files.size(declared) > FILE_LIMIT) {
        throw new IOException("it has more than " + FILE_LIMIT + " bytes");
      }
      file = SourcesFile.read(declared.toString(), Files.readString(declared), SECRETS);
    } catch (IOException e) {
      log.atError()
          .addKeyValue("file", declared)
          .addKeyValue("reason", e.toString())
          .log("The file with the sources cannot be read");
      return SourcesFile.none();
    }
    List<Object> problems = new ArrayList<>(file.problems());
    file.broken().values().forEach(problems::addAll);
    problems.forEach(
        p -> log.atError().addKeyValue("problem", p).log("A source is not declared well"));
    log.atInfo()
        .addKeyValue("sources", file.sources().stream().map(Source::name).toList())
        .addKeyValue("broken", file.broken().keySet())
        .log("Sources declared");
    return file;
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
    states.values().forEach(s -> result.add(s.status(now)));
    file.broken()
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
                        List.of())));
    result.sort(Comparator.comparing(SourceStatus::name));
    return result;
  }

  /** What is wrong with the file itself. */
  List<Problem> problems() {
    return file.problems().stream().map(Problem::of).toList();
  }

  /** Whether no look has been going on for longer than {@code limit}. */
  public boolean progressing(Duration limit) {
    return reconciler.progressing(limit);
  }

  /** Adds the endpoints. */
  public void mount(Router router) {
    new SourcesApi(this).mount(router);
  }

  @Override
  public void close() {
    reconciler.close();
  }
}
