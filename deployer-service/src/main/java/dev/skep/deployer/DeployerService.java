package dev.skep.deployer;

import dev.skep.deployer.access.TokensApi;
import dev.skep.deployer.apply.Applier;
import dev.skep.deployer.apply.Self;
import dev.skep.deployer.direct.RevisionConfigs;
import dev.skep.deployer.image.ImageConfig;
import dev.skep.deployer.image.ImageFollower;
import dev.skep.deployer.schedule.run.Schedules;
import dev.skep.deployer.source.Sources;
import dev.skep.deployer.source.secret.SopsProgram;
import dev.skep.deployer.state.StackLedger;
import dev.skep.engine.EngineClient;
import dev.skep.model.Codecs;
import dev.skep.model.cluster.Service;
import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Stack;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.SkepService;
import dev.skep.runtime.health.Health;
import dev.skep.runtime.kafka.CommandLoop;
import dev.skep.runtime.kafka.PlainPublisher;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.runtime.kafka.Writer;
import dev.skep.runtime.reconcile.KeyedReconciler;
import dev.skep.runtime.reconcile.Outcome;
import dev.skep.runtime.seal.PrivateKeyRing;
import io.vertx.ext.web.Router;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns the desired state of stacks and brings the cluster to it. */
public final class DeployerService implements SkepService {
  private static final Logger log = LoggerFactory.getLogger(DeployerService.class);

  /** A removal may wait a minute for each of some networks; more is a loop that hangs. */
  private static final Duration LONGEST_RUN = Duration.ofMinutes(15);

  private static final Duration VIEWS_PATIENCE = Duration.ofSeconds(1);

  private final Platform platform;
  private final EngineClient engine;
  private final PrivateKeyRing keys;
  private final DeployerConfig config;
  private final StackLedger ledger = new StackLedger();
  private final CommandTracker tracker = new CommandTracker();
  private final Progress progress = new Progress();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final CommandSender sender;

  private volatile TopicView<Stack> stacks;
  private volatile TopicView<Deployment> deployments;
  private volatile RevisionStore revisions;
  private volatile KeyedReconciler<String> reconciler;
  private volatile DriftWatch drift;
  private volatile CommandLoop commands;
  private volatile Sources sources;
  private volatile Schedules schedules;
  private volatile ImageConfig imageConfig = ImageConfig.defaults();
  private volatile ImageFollower images;
  private volatile Writer stateWriter;
  private volatile boolean closed;

  /**
   * Makes it; does not start it.
   *
   * @param own opens what is sealed to the deployer
   */
  public DeployerService(
      Platform platform, EngineClient engine, PrivateKeyRing own, DeployerConfig config) {
    this.platform = platform;
    this.engine = engine;
    this.keys = own;
    this.config = config;
    PlainPublisher publisher = PlainPublisher.open(platform, "deployer");
    opened.push(publisher);
    this.sender = new CommandSender(publisher, tracker, platform.clock(), config.commandLife());
  }

  /** Follows images as it is told here. Before {@link #start}. */
  public DeployerService following(ImageConfig config) {
    imageConfig = config;
    return this;
  }

  @Override
  public String name() {
    return "deployer";
  }

  @Override
  public synchronized void start() {
    Writer writer = remember(Writer.open(platform, "deployer"));
    stateWriter = writer;
    deployments =
        remember(
            TopicView.open(
                platform,
                name(),
                Topics.DEPLOYMENTS,
                Codecs.DEPLOYMENTS,
                change -> {
                  begun(change.after());
                  DriftWatch watching = drift;
                  if (watching != null) {
                    watching.deployment(change);
                  }
                  ended(change.after());
                }));
    revisions = remember(RevisionStore.open(platform, name(), keys));
    // The views call back before the reconciler is there: its first resync catches up.
    stacks =
        remember(
            TopicView.open(
                platform,
                name(),
                Topics.STACKS,
                Codecs.STACKS,
                change -> {
                  ledger.applied(change.key(), change.after());
                  KeyedReconciler<String> current = reconciler;
                  if (current != null) {
                    current.mark(change.key(), "stack");
                  }
                  DriftWatch watching = drift;
                  if (watching != null) {
                    watching.stack(change);
                  }
                  lookAtImages(change.key(), "stack");
                }));
    Applier applier = new Applier(engine, new Self(config.ownService(), () -> closed));
    StackReconciler reconcile =
        new StackReconciler(
            stacks,
            deployments,
            ledger,
            writer,
            applier,
            keys,
            platform.clock(),
            config.history(),
            progress,
            new RevisionKeeper(revisions, applier, platform.clock(), config.revisions()));
    reconciler =
        remember(
            KeyedReconciler.<String>named("stacks", reconcile::reconcile)
                .parallelism(config.parallelism())
                .resync(config.resync(), () -> stacks.values().keySet())
                .clock(platform.clock())
                .start());
    drift = remember(watchDrift(writer, applier));
    sources = remember(openSources());
    schedules = remember(new Schedules(platform, engine));
    schedules.beginAfter(remember(openServices()));
    images = remember(openImages());
    Thread.ofVirtual().name("deployer-start").start(() -> foldWhenReady(writer));
  }

  private TopicView<Service> openServices() {
    return TopicView.open(
        platform,
        name(),
        Topics.SERVICES,
        Codecs.SERVICES,
        change -> {
          drift.service(change);
          schedules.changed(change);
        });
  }

  private DriftWatch watchDrift(Writer writer, Applier applier) {
    HealCommands heals = new HealCommands(sender, keys.publicKeys());
    return DriftWatch.open(
        platform,
        stacks,
        config.resync(),
        meters ->
            new DriftReconciler(
                stacks,
                deployments,
                revisions,
                new StackConditions(ledger, writer),
                applier,
                new RevisionConfigs(engine),
                keys,
                heals,
                meters,
                platform.clock(),
                config.ownService()));
  }

  private Sources openSources() {
    SourceGate gate =
        new SourceGate(
            stacks, deployments, () -> commands != null && commands.ready(), keys, engine, sender);
    Path declared = config.sources().isEmpty() ? null : Path.of(config.sources());
    SopsProgram sops = SopsProgram.named(config.sops());
    return Sources.open(declared, gate, sops, platform.clock(), config.commandLife());
  }

  private ImageFollower openImages() {
    RollGate gate =
        new RollGate(
            stacks,
            deployments,
            revisions,
            () -> commands != null && commands.ready(),
            keys,
            engine,
            sender);
    return ImageFollower.open(imageConfig, gate, engine, platform.clock(), config.commandLife());
  }

  /** A stack's images wait for its deployment. */
  private void ended(Deployment deployment) {
    if (deployment != null && deployment.phase() != Deployment.Phase.RUNNING) {
      lookAtImages(deployment.stack(), "deployment");
    }
  }

  private void lookAtImages(String stack, String trigger) {
    ImageFollower current = images;
    if (current != null) {
      current.changed(stack, trigger);
    }
  }

  /** A stack that came before its deployment, which comes by another topic, waits for it. */
  private void begun(Deployment deployment) {
    KeyedReconciler<String> current = reconciler;
    boolean fresh =
        deployment != null
            && deployment.phase() == Deployment.Phase.RUNNING
            && deployment.steps().isEmpty();
    if (current != null
        && fresh
        && stacks
            .get(deployment.stack())
            .filter(s -> s.revision() == deployment.revision())
            .isPresent()) {
      current.mark(deployment.stack(), "deployment");
    }
  }

  /** Commands build upon the state that is there: it must be known first. */
  private void foldWhenReady(Writer writer) {
    while (!stacks.awaitReady(VIEWS_PATIENCE)
        || !deployments.awaitReady(VIEWS_PATIENCE)
        || !revisions.awaitReady(VIEWS_PATIENCE)) {
      if (closed || Thread.currentThread().isInterrupted()) {
        return;
      }
    }
    Adoption adoption = new Adoption(engine, revisions, writer, platform.clock());
    boolean adopted = adoption.run(allDeployments());
    synchronized (this) {
      if (closed) {
        return;
      }
      stacks.values().keySet().forEach(name -> reconciler.mark(name, "start"));
      stacks.values().keySet().forEach(name -> drift.mark(name, "start"));
      stacks.values().keySet().forEach(name -> lookAtImages(name, "start"));
      if (!adopted) {
        adoptLater(adoption);
      }
      StackFolder folder =
          new StackFolder(
              ledger,
              revisions,
              this::allDeployments,
              keys,
              platform.clock(),
              tracker,
              config.ownService());
      commands = remember(CommandLoop.open(platform, writer, StackFolder.TARGET, folder));
    }
    log.atInfo().addKeyValue("stacks", stacks.values().size()).log("Deployer ready");
  }

  private void adoptLater(Adoption adoption) {
    KeyedReconciler<String> later =
        remember(
            KeyedReconciler.<String>named(
                    "adoption",
                    (key, run) ->
                        adoption.run(allDeployments())
                            ? Outcome.done()
                            : Outcome.retryAfter(config.resync()))
                .clock(platform.clock())
                .start());
    later.mark("revisions", "start");
  }

  private Collection<Deployment> allDeployments() {
    TopicView<Deployment> view = deployments;
    return view == null ? List.of() : view.values().values();
  }

  @Override
  public Health health() {
    KeyedReconciler<String> loops = reconciler;
    DriftWatch comparing = drift;
    Sources looking = sources;
    CommandLoop folding = commands;
    boolean live =
        (loops == null || loops.progressing(LONGEST_RUN))
            && (comparing == null || comparing.progressing(LONGEST_RUN))
            && (looking == null || looking.progressing());
    return Health.of(live, folding != null && folding.ready());
  }

  @Override
  public void mount(Router router) {
    StackApi stackApi =
        new StackApi(
            sender,
            keys.publicKeys(),
            this::allDeployments,
            tracker,
            progress,
            config.ownService());
    stackApi.mount(router);
    new RevisionApi(() -> revisions, stackApi).mount(router);
    new TokensApi(() -> stateWriter, platform.clock()).mount(router);
    sources.mount(router);
    schedules.mount(router);
    images.mount(router);
  }

  @Override
  public Set<String> publicPaths() {
    // Webhooks are signed, or show a secret of their own.
    Set<String> paths = new TreeSet<>(ImageFollower.publicPaths(imageConfig));
    paths.add(Sources.HOOKS + "*");
    return paths;
  }

  private <T extends AutoCloseable> T remember(T part) {
    opened.push(part);
    return part;
  }

  @Override
  public void close() {
    // Before the lock: what waits for services looks at it.
    closed = true;
    closeAll();
  }

  private synchronized void closeAll() {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        log.atWarn().setCause(e).log("A part of the deployer did not close cleanly");
      }
    }
  }
}
