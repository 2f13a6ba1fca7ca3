package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.convert.Namespace;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.plan.Drift;
import dev.skep.deployer.plan.ImagePins;
import dev.skep.deployer.plan.LiveStack;
import dev.skep.deployer.plan.Names;
import dev.skep.deployer.plan.ServicePlanner;
import dev.skep.deployer.plan.StackPlan;
import dev.skep.deployer.plan.StackPlanner;
import dev.skep.deployer.plan.Waves;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.model.stack.Deployment.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Brings a stack to a live Engine. Level-triggered: it reads what is there and does what is
 * missing, so that it may be run again and again, and after any interruption.
 *
 * <ol>
 *   <li>read what the cluster has of the stack
 *   <li>check what must be there from elsewhere; if something is missing, nothing is changed
 *   <li>prune, if asked to
 *   <li>networks, secrets, configs
 *   <li>services, several at a time, in {@link Waves}
 *   <li>unless it is detached, until all that was changed is as it should be
 * </ol>
 *
 * <p>What fails is reported with its object and does not stop the others. Blocks; thread-safe.
 */
public final class Applier {
  /** Why a stack is not removed by a part of it. */
  public static final String OWN_REMOVAL =
      "stack %s holds the deployer itself, which cannot remove itself: use skep stack rm --direct";

  private final EngineClient engine;
  private final Self self;

  /** Applies from outside of the cluster. */
  public Applier(EngineClient engine) {
    this(engine, Self.NONE);
  }

  /** Applies as a service of the cluster, which may be one of the stack's. */
  public Applier(EngineClient engine, Self self) {
    this.engine = engine;
    this.self = self;
  }

  /**
   * Makes the cluster hold the stack, and waits for its services as the options say.
   *
   * <p>If the deployer's own service is among those that change, its step ends as {@link
   * ApplyResult#UPDATING}: {@link #ownUpdate} tells how it goes on.
   *
   * @param listener told of each step as it is done, one at a time
   * @throws StackException if something from elsewhere is missing; nothing was changed
   * @throws OvertakenException if the listener says so; some of it may have been done
   * @throws EngineException if the Engine cannot be reached or read
   */
  public ApplyResult apply(
      String stack, StackObjects objects, ApplyOptions options, ApplyListener listener) {
    return apply(stack, objects, options, Set.of(), listener);
  }

  /**
   * As {@link #apply(String, StackObjects, ApplyOptions, ApplyListener)}, and removes services.
   *
   * @param leaving full names of services of the stack that are removed, pruning or not
   */
  public ApplyResult apply(
      String stack,
      StackObjects objects,
      ApplyOptions options,
      Set<String> leaving,
      ApplyListener listener) {
    Rollout rollout = begin(stack, objects, options, leaving, Instant.now(), listener);
    Optional<ApplyResult> result = rollout.advance();
    while (result.isEmpty()) {
      pause(rollout.tick());
      if (listener.overtaken()) {
        throw new OvertakenException();
      }
      result = rollout.advance();
    }
    return result.get();
  }

  /**
   * Begins as {@link #apply(String, StackObjects, ApplyOptions, Set, ApplyListener)} does, for who
   * cannot block while services are waited for: all but the services is made.
   *
   * @param since when the deployment was begun, maybe by another process: what was changed since
   *     then is waited for, too
   * @throws StackException if something from elsewhere is missing; nothing was changed
   * @throws EngineException if the Engine cannot be reached or read
   */
  public Rollout begin(
      String stack,
      StackObjects objects,
      ApplyOptions options,
      Set<String> leaving,
      Instant since,
      ApplyListener listener) {
    Steps steps = new Steps(listener);
    StackReader reader = new StackReader(engine);
    LiveStack live = reader.live(stack);
    Names names = reader.external(objects, live);
    List<JsonNode> superfluous =
        live.superfluous(objects, self.service()).stream()
            .filter(s -> options.prune() || leaving.contains(LiveStack.nameOf(s)))
            .toList();
    if (!superfluous.isEmpty()) {
      steps.stillWanted();
    }
    superfluous.forEach(new StackRemover(engine, steps)::service);
    networks(objects, live, names, steps);
    FileApplier files = new FileApplier(engine, steps);
    objects.secrets().forEach(s -> files.secret(s, live.secrets(), names.secrets()));
    objects.configs().forEach(c -> files.config(c, live.configs(), names.configs()));
    ImageResolver images = new ImageResolver(engine, options, steps::warn);
    ServicePlanner planner =
        new ServicePlanner(
            names,
            live.swarmNetworks().values(),
            images.resolve(objects.services(), live),
            engine.apiVersion(),
            options.includeHeld());
    objects.services().forEach(s -> planner.warnings(s).forEach(steps::warn));
    Waves waves = Waves.of(objects.services(), objects.dependencies(), self.service());
    waves.warnings().forEach(steps::warn);
    return new Rollout(
        engine,
        self,
        live,
        waves,
        new ServiceApplier(engine, options, planner, self, steps),
        new HealthGate(engine, stack, options.waiting(), steps),
        options.waiting(),
        since,
        steps);
  }

  /** As {@link #apply(String, StackObjects, ApplyOptions, ApplyListener)}, without a listener. */
  public ApplyResult apply(String stack, StackObjects objects, ApplyOptions options) {
    return apply(stack, objects, options, step -> {});
  }

  /**
   * Takes a stack away: its services, then its configs, secrets and networks. Touches nothing
   * without the stack's label. Waits, up to a minute each, for what is still in use.
   *
   * @throws StackException if the deployer's own service is in it; nothing was changed
   * @throws EngineException if the Engine cannot be reached or read
   */
  public ApplyResult remove(String stack, ApplyListener listener) {
    Steps steps = new Steps(listener);
    LiveStack live = new StackReader(engine).live(stack);
    if (live.services().stream().anyMatch(s -> self.is(LiveStack.nameOf(s)))) {
      throw new StackException(OWN_REMOVAL.formatted(stack));
    }
    new StackRemover(engine, steps).remove(live);
    return steps.result();
  }

  /**
   * What {@link #apply} would do, by the same decisions. Only reads.
   *
   * @throws StackException if something from elsewhere is missing
   * @throws EngineException if the Engine cannot be reached or read
   */
  public StackPlan plan(String stack, StackObjects objects, ApplyOptions options) {
    StackReader reader = new StackReader(engine);
    LiveStack live = reader.live(stack);
    Names names = reader.external(objects, live);
    Set<String> warnings = new ConcurrentSkipListSet<>();
    ImagePins images =
        new ImageResolver(engine, options, warnings::add).resolve(objects.services(), live);
    StackPlanner planner =
        new StackPlanner(
            live,
            new ServicePlanner(
                names,
                live.swarmNetworks().values(),
                images,
                engine.apiVersion(),
                options.includeHeld()),
            options.prune() ? live.superfluous(objects, self.service()) : List.of(),
            reader.taken(objects, live));
    warnings.addAll(
        Waves.of(objects.services(), objects.dependencies(), self.service()).warnings());
    return planner.plan(stack, objects, warnings);
  }

  /** What the cluster has of a stack: what it was made of can be told of it. */
  public LiveStack live(String stack) {
    return new StackReader(engine).live(stack);
  }

  /**
   * Removes the stack's rotated secrets and configs that nothing needs. What cannot be removed is
   * warned of.
   *
   * @param live as it is after the deployment
   * @param kept what kept revisions need, as {@code "secret NAME"}
   * @return what was removed
   * @throws EngineException if the Engine cannot be reached
   */
  public ApplyResult removeUnused(StackObjects objects, LiveStack live, Set<String> kept) {
    return new FilePruner(engine).removeUnused(objects, live, kept);
  }

  /**
   * How an update of the deployer's own service goes, which was begun by this process or the one
   * before.
   *
   * @param begun its step, as it was told to the listener
   * @throws EngineException if the Engine cannot be reached or read
   */
  public OwnUpdate ownUpdate(Step begun) {
    return OwnUpdate.read(engine, begun);
  }

  private void networks(StackObjects objects, LiveStack live, Names names, Steps steps) {
    for (ObjectNode network : objects.networks()) {
      String name = network.path("Name").asText();
      try {
        Optional<String> id = live.network(name);
        if (id.isPresent()) {
          names.networks().put(name, id.get());
          steps.add("network", name, ApplyResult.UNCHANGED, "");
        } else {
          create(network, name, names, steps);
        }
      } catch (EngineException e) {
        steps.failed("network", name, e);
      }
    }
  }

  private void create(ObjectNode network, String name, Names names, Steps steps) {
    // Engines before API 1.44 make a second network of the same name unless told not to.
    ObjectNode body = network.deepCopy().put("CheckDuplicate", true);
    try {
      names.networks().put(name, engine.createNetwork(body).path("Id").asText());
      steps.add("network", name, ApplyResult.CREATED, "");
    } catch (EngineException e) {
      // Another deployment of the stack has made it meanwhile, or it is somebody else's.
      if (!e.isConflict()) {
        throw e;
      }
      Optional<String> id = new StackReader(engine).network(Namespace.of(network), name);
      names.networks().put(name, id.orElseThrow(() -> e));
      steps.add("network", name, ApplyResult.UNCHANGED, "");
    }
  }

  private void pause(Duration time) {
    if (self.stopping().getAsBoolean()) {
      throw new CancellationException("the process ends");
    }
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while services were waited for");
    }
  }

  /**
   * Compares without changing anything, by some lists of the Engine, however many services there
   * are: no registry is asked, and content that only trying could tell counts as the same.
   *
   * @param objects with the images that were run, where they are known
   * @param now by which an update that goes on for too long counts as ended
   * @throws EngineException if the Engine cannot be reached or read
   */
  public Drift drift(String stack, StackObjects objects, Instant now) {
    return new Comparison(engine).drift(stack, objects, now);
  }

  /** What is missing or was changed by others, as "kind name"; otherwise as {@link #drift}. */
  public List<String> differing(String stack, StackObjects objects) {
    return drift(stack, objects, Instant.now()).items().stream()
        .map(i -> i.kind() + " " + i.name())
        .toList();
  }
}
