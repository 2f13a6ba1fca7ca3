package dev.skep.benchmarks;

import dev.skep.benchmarks.PushFigures.Kind;
import dev.skep.benchmarks.PushFigures.Until;
import dev.skep.cli.EngineOptions;
import dev.skep.engine.EngineClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How long a push, to a Git repository or a registry, takes to reach Swarm. */
@Command(
    name = "push-latency",
    mixinStandardHelpOptions = true,
    description = "From a push to a Git repository or a registry to the change in Swarm.")
public final class PushLatency implements Callable<Integer> {
  private static final String METHOD =
      """
      Method: this program is a deployer with a broker of its own and default settings; Engine, Git
      and registry are on the same machine, so all clocks are one. Git: a change of all services of
      one stack is committed and pushed to a bare repository, whose post-receive hook tells the
      deployer by a signed webhook, as GitHub does. It counts from the moment at which the hook
      begins: all was received then. The deployer fetches by path: a host that is further away adds
      its own round trips. Registry: `docker push` of new content of a tag that all services of a
      stack follow by `dev.skep.image: digest`; it counts from the end of the command, and Debian's
      docker-registry tells the deployer by a notification. To the first (last) change in Swarm:
      when Swarm's own store had the first (last) service changed (UpdatedAt): the first call was
      made before. To the deployment's beginning and end: by the deployer's record. Services have no replicas: it
      is the API that is measured, not containers. The kinds of pushes take turns.
      """;

  private static final int WARM_UPS = 2;

  /**
   * What is said below these levels concerns nobody here: Kafka's clients warn of what they try
   * again. Held, because java.util.logging forgets the level of a logger that nobody refers to.
   */
  private static final Map<Logger, Level> LEVELS =
      Map.of(
          Logger.getLogger(""), Level.WARNING,
          Logger.getLogger("org.apache.kafka"), Level.SEVERE,
          Logger.getLogger("kafka"), Level.SEVERE,
          Logger.getLogger("io.micrometer"), Level.SEVERE);

  @Mixin private EngineOptions engineOptions;

  @Option(names = "--rounds", defaultValue = "20", description = "of each kind (${DEFAULT-VALUE})")
  private int rounds;

  @Option(
      names = "--services",
      defaultValue = "1",
      description = "of the stack that a push changes (${DEFAULT-VALUE})")
  private int services;

  @Option(
      names = "--stacks",
      defaultValue = "20",
      description = "of a large repository, of one service each (${DEFAULT-VALUE})")
  private int many;

  @Option(
      names = "--files",
      defaultValue = "500",
      description = "of a large repository (${DEFAULT-VALUE})")
  private int files;

  @Option(
      names = "--timeout",
      defaultValue = "120",
      description = "seconds that anything may take (${DEFAULT-VALUE})")
  private int timeoutSeconds;

  private final PushFigures figures = new PushFigures();
  private PushBed bed;
  private DeploymentRecords records;

  @Override
  public Integer call() throws Exception {
    System.out.println(METHOD);
    LEVELS.forEach(Logger::setLevel);
    try (EngineClient engine = engineOptions.connect()) {
      String unfit = unfit(engine);
      if (!unfit.isEmpty()) {
        System.err.println(unfit);
        return 2;
      }
      OrderlyEnd end =
          OrderlyEnd.ofThisThread("stacks " + PushStacks.PREFIX + "* and the registry's container");
      try {
        measure(engine);
      } catch (Exception e) {
        if (!end.asked()) {
          throw e;
        }
        System.err.println("Interrupted: cleaning up");
        return 130;
      } finally {
        cleanUp();
        end.close();
      }
    }
    System.out.println(figures.table());
    System.out.printf(
        Locale.ROOT,
        "push-latency rounds=%d services=%d stacks=%d files=%d%s over_%.0f_ms=%d%n",
        rounds,
        services,
        many,
        files,
        figures.line(),
        PushFigures.PROMISED,
        figures.missed());
    return 0;
  }

  /** Why it cannot, or should not, be measured; "" if it can. */
  private String unfit(EngineClient engine) {
    return rounds < 1 || services < 1 || many < 1 || files < many
        ? "--rounds, --services and --stacks are 1 or more, --files as many as --stacks or more"
        : PushRequirements.missing(engine);
  }

  private void measure(EngineClient engine) throws Exception {
    Thread measuring = Thread.currentThread();
    Duration limit = Duration.ofSeconds(timeoutSeconds);
    bed = new PushBed(engine, limit);
    bed.start(
        cause -> {
          System.err.println("The deployer cannot go on: " + cause);
          measuring.interrupt();
        });
    if (bed.registry().isEmpty()) {
      System.err.printf(
          "The Engine has no image %s: the registry is left out, and no digest is asked for."
              + " ./skep lab up builds it%n",
          PushedRegistry.IMAGE);
    }
    records = DeploymentRecords.of(bed.deployer().api());
    PushedRepository one = bed.repository("one").with(file(PushBed.ONE), text(services, "0"));
    one.push();
    PushedRepository large = large();
    if (bed.registry().isPresent()) {
      bed.repository("following")
          .with(file(PushBed.FOLLOWING), PushFiles.compose(services, bed.image(), "0", true))
          .push();
    }
    bed.declare(limit);
    for (int round = 1; round <= WARM_UPS + rounds; round++) {
      round(round, one, large);
      System.err.println(
          round <= WARM_UPS
              ? "warm-up %d of %d".formatted(round, WARM_UPS)
              : "round %d of %d".formatted(round - WARM_UPS, rounds));
    }
  }

  private PushedRepository large() throws IOException, InterruptedException {
    PushedRepository large = bed.repository("large");
    for (int i = 0; i < many; i++) {
      large.with(file(stack(i)), text(1, "0"));
    }
    for (int i = many; i < files; i++) {
      large.with("stacks/%s/docs/%d.txt".formatted(stack(i % many), i), PushFiles.other(i));
    }
    large.push();
    return large;
  }

  private static String stack(int number) {
    return String.format(Locale.ROOT, "%sof-many-%03d", PushStacks.PREFIX, number);
  }

  private static String file(String stack) {
    return "stacks/" + stack + "/compose.yml";
  }

  private String text(int count, String version) {
    return PushFiles.compose(count, bed.image(), version, false);
  }

  private void round(int round, PushedRepository one, PushedRepository large)
      throws IOException, InterruptedException {
    String version = Integer.toString(round);
    one.with(file(PushBed.ONE), text(services, version));
    measured(
        new Kind("git", "Git, one stack of %d".formatted(services), Until.FIRST),
        round,
        PushBed.ONE,
        one::pushAndTell);
    String stack = stack(round % many);
    large.with(file(stack), text(1, version));
    measured(
        new Kind(
            "git_large", "Git, one of %d stacks, %d files".formatted(many, files), Until.FIRST),
        round,
        stack,
        large::pushAndTell);
    if (bed.registry().isPresent()) {
      bed.registry().get().build(version);
      bed.deployer().awaitCurrent(PushBed.FOLLOWING + "_s0001", Duration.ofSeconds(timeoutSeconds));
      measured(
          new Kind(
              "registry",
              "registry, one stack of %d".formatted(services),
              services > 1 ? Until.LAST : Until.FIRST),
          round,
          PushBed.FOLLOWING,
          bed.registry().get()::push);
    }
  }

  /** A push. */
  private interface Push {
    /** Pushes, and tells when that was done. */
    Instant run() throws IOException, InterruptedException;
  }

  private void measured(Kind kind, int round, String stack, Push push)
      throws IOException, InterruptedException {
    long revision = records.revision(stack);
    Map<String, Instant> before = bed.stacks().changedAt(stack);
    Instant pushed = push.run();
    DeploymentRecords.Ended ended =
        records.after(revision, stack, Duration.ofSeconds(timeoutSeconds));
    List<Instant> changes = PushStacks.changes(before, bed.stacks().changedAt(stack));
    if (round > WARM_UPS) {
      figures.add(kind, Until.ACCEPTED, millis(pushed, ended.accepted()));
      figures.add(kind, Until.FIRST, millis(pushed, changes.getFirst()));
      if (changes.size() > 1) {
        figures.add(kind, Until.LAST, millis(pushed, changes.getLast()));
      }
      figures.add(kind, Until.RECORD, millis(pushed, ended.finished()));
    }
  }

  private static double millis(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e6;
  }

  private void cleanUp() {
    // What was interrupted is over; the removals are not to be.
    var _ = Thread.interrupted();
    if (bed != null) {
      bed.close();
    }
  }
}
