package dev.skep.deployer;

import dev.skep.deployer.apply.Applier;
import dev.skep.deployer.apply.ApplyListener;
import dev.skep.deployer.apply.ApplyResult;
import dev.skep.deployer.apply.OvertakenException;
import dev.skep.deployer.apply.OwnUpdate;
import dev.skep.deployer.apply.Rollout;
import dev.skep.deployer.apply.StackException;
import dev.skep.deployer.convert.Namespace;
import dev.skep.deployer.gate.Awaited;
import dev.skep.deployer.heal.Heals;
import dev.skep.deployer.image.policy.FollowedServices;
import dev.skep.deployer.plan.ServicePlan;
import dev.skep.deployer.revision.Repeat;
import dev.skep.deployer.state.Deployments;
import dev.skep.deployer.state.StackBody;
import dev.skep.deployer.state.StackLedger;
import dev.skep.engine.EngineException;
import dev.skep.model.Codecs;
import dev.skep.model.Condition;
import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Deployment.Phase;
import dev.skep.model.stack.Deployment.Step;
import dev.skep.model.stack.Stack;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.kafka.Writer;
import dev.skep.runtime.reconcile.Outcome;
import dev.skep.runtime.reconcile.Reconciliation;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.runtime.seal.SealException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one stack to its desired revision:
 *
 * <ol>
 *   <li>deployments that were overtaken are ended
 *   <li>a revision whose deployment runs is applied, or the stack removed; after a restart again,
 *       which does what is missing and waits for what was changed. Between two looks at services
 *       that are waited for nothing is held up
 *   <li>what came of it goes to the deployment's record and the stack's condition, in one
 *       transaction
 * </ol>
 *
 * A revision that was applied is {@link DriftReconciler}'s.
 *
 * <p>The deployer's own service comes last: before its update all that was done is written down, so
 * that the process that comes after it only has to see how the update ends. It is asked for once:
 * where Swarm takes it back, the deployment has failed.
 *
 * <p>An Engine that cannot be reached leaves the deployment running: it is tried again with
 * backoff.
 */
final class StackReconciler {
  private static final Logger log = LoggerFactory.getLogger(StackReconciler.class);
  private static final Duration VIEWS_NOT_READY = Duration.ofMillis(50);
  private static final Duration OWN_UPDATE_TICK = Duration.ofSeconds(1);

  /** Swarm tells of an update within milliseconds, unless there is no task to be replaced. */
  private static final Duration OWN_UPDATE_QUIET = Duration.ofSeconds(5);

  private static final Duration OWN_UPDATE_PATIENCE = Duration.ofMinutes(5);

  private final TopicView<Stack> stacks;
  private final TopicView<Deployment> deployments;
  private final StackLedger ledger;
  private final Writer writer;
  private final StackConditions conditions;
  private final Applier applier;
  private final PrivateKeyRing keys;
  private final Clock clock;
  private final int history;
  private final Progress progress;
  private final RevisionKeeper revisions;

  /** What was written of deployments whose own update has begun: the view lags behind. */
  private final Map<String, Deployment> going = new ConcurrentHashMap<>();

  /** When this process first looked at an own update, by deployment. */
  private final Map<String, Instant> settling = new ConcurrentHashMap<>();

  /**
   * An attempt that waits for services.
   *
   * @param revision what it brings about
   */
  private record Attempt(long revision, Rollout rollout) {}

  /** By stack. What is lost with this process the next one finds out from the cluster. */
  private final Map<String, Attempt> attempts = new ConcurrentHashMap<>();

  /** The newest revision of each stack whose end this process has written. */
  private final Map<String, Long> finished = new ConcurrentHashMap<>();

  StackReconciler(
      TopicView<Stack> stacks,
      TopicView<Deployment> deployments,
      StackLedger ledger,
      Writer writer,
      Applier applier,
      PrivateKeyRing keys,
      Clock clock,
      int history,
      Progress progress,
      RevisionKeeper revisions) {
    this.stacks = stacks;
    this.deployments = deployments;
    this.ledger = ledger;
    this.writer = writer;
    this.conditions = new StackConditions(ledger, writer);
    this.applier = applier;
    this.keys = keys;
    this.clock = clock;
    this.history = history;
    this.progress = progress;
    this.revisions = revisions;
  }

  Outcome reconcile(String name, Reconciliation run) {
    if (!stacks.ready() || !deployments.ready() || !revisions.ready()) {
      return Outcome.retryAfter(VIEWS_NOT_READY);
    }
    Stack stack = stacks.get(name).orElse(null);
    if (stack == null) {
      attempts.remove(name);
      return Outcome.done();
    }
    // An attempt for a revision that was overtaken waits no longer.
    attempts.computeIfPresent(name, (n, a) -> a.revision() == stack.revision() ? a : null);
    endOvertaken(stack);
    Deployment deployment =
        deployments.get(new DeploymentKey(name, stack.revision()).toString()).orElse(null);
    if (deployment == null) {
      // Written in the same transaction as the stack, to the other topic: it is on its way.
      return Outcome.retryAfter(VIEWS_NOT_READY);
    }
    if (deployment.phase() == Phase.RUNNING) {
      if (finished.getOrDefault(name, 0L) == stack.revision()) {
        // Done and written; the view has not seen it yet. Once more would blur what was done.
        return Outcome.retryAfter(VIEWS_NOT_READY);
      }
      Deployment newest = going.getOrDefault(deployment.key(), deployment);
      Optional<Step> own = OwnUpdate.in(newest.steps());
      return own.isPresent()
          ? settle(stack, newest, own.get(), run)
          : carryOut(stack, deployment, run);
    }
    return Outcome.done();
  }

  private record DeploymentKey(String stack, long revision) {
    @Override
    public String toString() {
      return stack + "/" + revision;
    }
  }

  private void endOvertaken(Stack stack) {
    List<Write<?>> writes = new ArrayList<>();
    for (Deployment old :
        Deployments.overtaken(stack.name(), stack.revision(), deployments.values().values())) {
      String error = "overtaken by revision " + stack.revision();
      Deployment ended = Deployments.ended(old, old.steps(), error, clock.instant());
      writes.add(put(ended, "overtaken"));
      revisions.overtaken(ended).ifPresent(writes::add);
      progress.end(old.key());
    }
    writer.publish(writes);
  }

  private Outcome carryOut(Stack stack, Deployment deployment, Reconciliation run) {
    Attempt attempt = attempts.get(stack.name());
    Optional<ApplyResult> ended;
    try {
      if (attempt == null) {
        log.atInfo()
            .addKeyValue("stack", stack.name())
            .addKeyValue("revision", stack.revision())
            .addKeyValue("command", deployment.command())
            .addKeyValue("run", run.id())
            .addKeyValue("attempt", run.attempt())
            .log(stack.removed() ? "Removing stack" : "Applying stack");
        progress.begin(deployment.key(), List.of());
        revisions.begin(deployment);
        attempt = stack.removed() ? null : begin(stack, deployment);
      }
      ended =
          attempt == null ? Optional.of(remove(stack, deployment)) : goOn(stack.name(), attempt);
    } catch (OvertakenException e) {
      // The newer revision's run ends this one's record.
      attempts.remove(stack.name());
      return Outcome.retryAfter(VIEWS_NOT_READY);
    } catch (StackException e) {
      finish(stack, deployment, new ApplyResult(List.of(), List.of()), e.getMessage());
      return Outcome.done();
    } catch (SealException | IllegalArgumentException e) {
      String error = "the stored stack cannot be read, deploy it again: " + e.getMessage();
      finish(stack, deployment, new ApplyResult(List.of(), List.of()), error);
      return Outcome.done();
    } catch (EngineException e) {
      if (refusedForGood(e)) {
        finish(stack, deployment, new ApplyResult(List.of(), List.of()), e.getMessage());
        return Outcome.done();
      }
      unreachable(stack, e);
      throw e;
    }
    if (ended.isEmpty()) {
      // Others have the thread meanwhile: a stack that takes long to settle is in nobody's way.
      return Outcome.retryAfter(attempt.rollout().tick());
    }
    ApplyResult result = ended.get();
    if (OwnUpdate.in(result.steps()).isPresent()) {
      return Outcome.retryAfter(OWN_UPDATE_TICK);
    }
    finish(stack, deployment, result, result.error());
    return Outcome.done();
  }

  /** An attempt that broke off is not gone on with: the next one begins with what is there. */
  private Optional<ApplyResult> goOn(String stack, Attempt attempt) {
    attempts.remove(stack);
    Optional<ApplyResult> ended = attempt.rollout().advance();
    if (ended.isEmpty()) {
      attempts.put(stack, attempt);
    }
    return ended;
  }

  /** Follows the update of the deployer's own service to its end. All else was done before it. */
  private Outcome settle(Stack stack, Deployment deployment, Step own, Reconciliation run) {
    OwnUpdate update = applier.ownUpdate(own);
    Instant now = clock.instant();
    Instant since = settling.computeIfAbsent(deployment.key(), k -> now);
    boolean late = since.plus(OWN_UPDATE_PATIENCE).isBefore(now);
    return switch (update.state()) {
      case NOT_BEGUN -> carryOut(stack, deployment, run);
      case SUCCEEDED -> ended(stack, deployment, own, "");
      case FAILED -> ended(stack, deployment, own, update.message());
      case QUIET ->
          since.plus(OWN_UPDATE_QUIET).isBefore(now)
              ? ended(stack, deployment, own, "")
              : Outcome.retryAfter(OWN_UPDATE_TICK);
      case RUNNING ->
          late
              ? ended(stack, deployment, own, "did not come to run in time")
              : Outcome.retryAfter(OWN_UPDATE_TICK);
    };
  }

  private Outcome ended(Stack stack, Deployment deployment, Step own, String error) {
    List<Step> steps = new ArrayList<>(deployment.steps());
    steps.replaceAll(
        s ->
            s.equals(own)
                ? new Step(
                    own.kind(),
                    own.name(),
                    error.isEmpty() ? ApplyResult.UPDATED : ApplyResult.FAILED,
                    error)
                : s);
    ApplyResult result = new ApplyResult(steps, List.of());
    finish(stack, deployment, result, result.error());
    return Outcome.done();
  }

  /** Whether asking again would be answered the same: the request itself is at fault. */
  private static boolean refusedForGood(EngineException e) {
    return e.status() >= 400 && e.status() < 500 && !e.isConflict() && !e.isOutOfSequence();
  }

  private Attempt begin(Stack stack, Deployment deployment) {
    StackBody body = SealedBodies.open(stack, keys);
    ApplyListener listener =
        new ApplyListener() {
          @Override
          public void step(Step step) {
            progress.step(deployment.key(), step);
          }

          @Override
          public void watching(Awaited services) {
            progress.watching(deployment.key(), services);
          }

          @Override
          public void planned(String service, ServicePlan plan) {
            revisions.planned(deployment, service, plan);
          }

          @Override
          public boolean overtaken() {
            return stacks
                .get(stack.name())
                .filter(s -> s.revision() > stack.revision())
                .isPresent();
          }

          @Override
          public void beforeOwn(List<Step> steps) {
            Deployment next = Deployments.going(deployment, steps);
            writer.publish(List.of(put(next, "updating")));
            going.put(next.key(), next);
          }
        };
    Set<String> leaving =
        body.origin().leaving().stream()
            .map(new Namespace(stack.name())::scope)
            .collect(Collectors.toSet());
    Rollout rollout =
        applier.begin(
            stack.name(),
            body.objects(),
            Heals.repeats(deployment) ? Repeat.sent(body.options()) : body.options(),
            leaving,
            deployment.startedAt(),
            listener);
    return new Attempt(stack.revision(), rollout);
  }

  private ApplyResult remove(Stack stack, Deployment deployment) {
    return applier.remove(stack.name(), step -> progress.step(deployment.key(), step));
  }

  private void finish(Stack stack, Deployment deployment, ApplyResult applied, String failure) {
    StackBody body = failure.isEmpty() && !stack.removed() ? SealedBodies.open(stack, keys) : null;
    RevisionKeeper.End end = revisions.end(stack, deployment, body, applied, failure);
    ApplyResult result =
        body == null ? end.result() : end.result().warning(FollowedServices.of(body).warnings());
    String error = end.error();
    Deployment ended =
        Deployments.ended(deployment, result.withWarnings(stack.name()), error, clock.instant());
    List<Write<?>> writes = new ArrayList<>(end.writes());
    writes.add(put(ended, error.isEmpty() ? "succeeded" : "failed"));
    for (Deployment old :
        Deployments.outdated(stack.name(), history, deployments.values().values())) {
      writes.add(Write.delete(Topics.DEPLOYMENTS, Codecs.DEPLOYMENTS, old.key()));
    }
    Condition condition =
        error.isEmpty()
            ? Condition.isTrue(
                Stack.APPLIED, "Applied", String.join("; ", result.warnings()), clock.instant())
            : Condition.isFalse(Stack.APPLIED, "Failed", error, clock.instant());
    boolean gone = stack.removed() && error.isEmpty();
    boolean current =
        ledger.observe(
            stack.name(),
            stack.revision(),
            now ->
                gone
                    ? null
                    : StackConditions.observed(
                        now, error.isEmpty() ? now.revision() : now.observedRevision(), condition),
            next -> {
              List<Write<?>> all = new ArrayList<>(writes);
              all.add(StackConditions.put(stack.name(), next));
              writer.publish(all);
            });
    if (!current) {
      writer.publish(writes);
    }
    finished.put(stack.name(), stack.revision());
    going.remove(deployment.key());
    settling.remove(deployment.key());
    progress.end(deployment.key());
    log.atInfo()
        .addKeyValue("stack", stack.name())
        .addKeyValue("revision", stack.revision())
        .addKeyValue("command", deployment.command())
        .addKeyValue("error", error)
        .addKeyValue("warnings", result.warnings())
        .log(error.isEmpty() ? "Deployment succeeded" : "Deployment failed");
  }

  private void unreachable(Stack stack, EngineException e) {
    Condition unknown =
        new Condition(
            Stack.APPLIED,
            Condition.Status.UNKNOWN,
            e.isUnreachable() ? "EngineUnreachable" : "EngineRefused",
            e.getMessage(),
            clock.instant());
    conditions.set(stack, unknown);
  }

  private static Write<?> put(Deployment deployment, String what) {
    return Write.put(
        Topics.DEPLOYMENTS,
        Codecs.DEPLOYMENTS,
        deployment.key(),
        deployment,
        what,
        deployment.command());
  }
}
