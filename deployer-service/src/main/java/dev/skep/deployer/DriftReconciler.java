package dev.skep.deployer;

import dev.skep.deployer.apply.Applier;
import dev.skep.deployer.direct.Beside;
import dev.skep.deployer.direct.KeptRevision;
import dev.skep.deployer.direct.RevisionConfigs;
import dev.skep.deployer.heal.Decision;
import dev.skep.deployer.heal.Heals;
import dev.skep.deployer.heal.PastHeal;
import dev.skep.deployer.plan.Drift;
import dev.skep.deployer.revision.NewRevisions;
import dev.skep.deployer.revision.RanImages;
import dev.skep.deployer.revision.Repeat;
import dev.skep.deployer.revision.Revisions;
import dev.skep.deployer.state.StackBody;
import dev.skep.model.Condition;
import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Deployment.Phase;
import dev.skep.model.stack.Revision;
import dev.skep.model.stack.Stack;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.runtime.reconcile.Outcome;
import dev.skep.runtime.reconcile.Reconciliation;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.runtime.seal.SealException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares one stack with the cluster, and sets it back if that was asked for:
 *
 * <ol>
 *   <li>only a revision that was applied is compared, or one that could not be restored; while a
 *       deployment runs, nothing is
 *   <li>what differs goes to the condition {@code InSync}; what Swarm is at work on is waited for
 *   <li>where the stack is to be restored: what was deployed straight to the Engine since is taken
 *       over as what is desired; else what is desired is asked for again, by a command that is
 *       refused if anything else was asked for meanwhile
 *   <li>what comes again after it was restored is restored after a pause, which grows
 * </ol>
 *
 * <p>However many events mark a stack, it is compared once a second at most, and less often where
 * that takes long.
 */
final class DriftReconciler {
  private static final Logger log = LoggerFactory.getLogger(DriftReconciler.class);
  private static final Duration VIEWS_NOT_READY = Duration.ofMillis(50);
  private static final Duration SHORTEST_GAP = Duration.ofSeconds(1);

  /** The Engine has other things to do: a tenth of the time at most is spent on one stack. */
  private static final int GAP_FACTOR = 10;

  private static final Duration SOMEBODY_DEPLOYS = Duration.ofSeconds(10);

  private final TopicView<Stack> stacks;
  private final TopicView<Deployment> deployments;
  private final RevisionStore revisions;
  private final StackConditions conditions;
  private final Applier applier;
  private final RevisionConfigs configs;
  private final PrivateKeyRing keys;
  private final HealCommands commands;
  private final DriftMeters meters;
  private final Clock clock;
  private final String own;

  /** When a stack may be compared again, by {@link System#nanoTime}. */
  private final Map<String, Long> notBefore = new ConcurrentHashMap<>();

  /** The revisions after whose restoration it was looked for what others deployed meanwhile. */
  private final Map<String, Long> lookedBeside = new ConcurrentHashMap<>();

  DriftReconciler(
      TopicView<Stack> stacks,
      TopicView<Deployment> deployments,
      RevisionStore revisions,
      StackConditions conditions,
      Applier applier,
      RevisionConfigs configs,
      PrivateKeyRing keys,
      HealCommands commands,
      DriftMeters meters,
      Clock clock,
      String own) {
    this.stacks = stacks;
    this.deployments = deployments;
    this.revisions = revisions;
    this.conditions = conditions;
    this.applier = applier;
    this.configs = configs;
    this.keys = keys;
    this.commands = commands;
    this.meters = meters;
    this.clock = clock;
    this.own = own;
  }

  /**
   * A stack as it is desired, and how it came to that.
   *
   * @param origin the revision that the current one restores; the current one if it restores none
   */
  private record Desired(Stack stack, StackBody body, Revision revision, Revision origin) {
    Optional<PastHeal> last() {
      return PastHeal.of(revision);
    }

    boolean applied() {
      return stack.observedRevision() == stack.revision();
    }
  }

  Outcome reconcile(String name, Reconciliation run) {
    if (!stacks.ready() || !deployments.ready() || !revisions.ready()) {
      return Outcome.retryAfter(VIEWS_NOT_READY);
    }
    Stack stack = stacks.get(name).orElse(null);
    if (stack == null) {
      forget(name);
      return Outcome.done();
    }
    Deployment deployment = deployments.get(Revision.key(name, stack.revision())).orElse(null);
    // Its end marks the stack again.
    if (stack.removed() || deployment == null || deployment.phase() == Phase.RUNNING) {
      return Outcome.done();
    }
    boolean applied = stack.observedRevision() == stack.revision();
    if (!applied && deployment.phase() == Phase.SUCCEEDED) {
      // Written in the same transaction, to the other topic: it is on its way.
      return Outcome.retryAfter(VIEWS_NOT_READY);
    }
    if (!applied && !Heals.is(deployment)) {
      return Outcome.done();
    }
    Duration early = tooEarly(name);
    return early.isPositive() ? Outcome.retryAfter(early) : look(stack, deployment);
  }

  private void forget(String name) {
    notBefore.remove(name);
    lookedBeside.remove(name);
    commands.forget(name);
    meters.forget(name);
  }

  private Duration tooEarly(String name) {
    Long due = notBefore.get(name);
    return due == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, due - System.nanoTime()));
  }

  private Outcome look(Stack stack, Deployment deployment) {
    long begin = System.nanoTime();
    try {
      return compare(desired(stack, deployment));
    } catch (SealException | IllegalArgumentException e) {
      String why = "it cannot be compared, deploy the stack again: " + e.getMessage();
      conditions.set(
          stack,
          new Condition(
              Stack.IN_SYNC, Condition.Status.UNKNOWN, "Unreadable", why, clock.instant()));
      return Outcome.done();
    } finally {
      long end = System.nanoTime();
      long gap = Math.max(SHORTEST_GAP.toNanos(), GAP_FACTOR * (end - begin));
      notBefore.put(stack.name(), end + gap);
    }
  }

  private Desired desired(Stack stack, Deployment deployment) {
    StackBody body = SealedBodies.open(stack, keys);
    List<Revision> kept = revisions.of(stack.name());
    Revision revision =
        Revisions.find(kept, stack.revision())
            .orElseGet(() -> NewRevisions.begun(deployment, stack, body));
    Revision origin = Revisions.find(kept, Heals.restored(revision)).orElse(revision);
    return new Desired(stack, body, revision, origin);
  }

  private Outcome compare(Desired desired) {
    Stack stack = desired.stack();
    Instant now = clock.instant();
    Drift drift =
        applier.drift(
            stack.name(),
            RanImages.pin(desired.body().objects(), desired.revision().images()),
            now);
    if (!drift.none()) {
      meters.inSync(stack.name(), false);
      return differs(desired, drift, now);
    }
    if (!drift.underway().isEmpty()) {
      // How it ends marks the stack again.
      return Outcome.done();
    }
    meters.inSync(stack.name(), true);
    conditions.set(stack, Condition.isTrue(Stack.IN_SYNC, "AsDesired", "", now));
    // A restoration that failed is made again: the stack counts as not applied until then.
    return desired.applied() ? overwritten(desired, now) : differs(desired, drift, now);
  }

  private Outcome differs(Desired desired, Drift drift, Instant now) {
    Stack stack = desired.stack();
    boolean isOwn = own.startsWith(stack.name() + "_");
    Decision decision =
        Decision.of(drift, desired.body().options().heal(), isOwn, desired.last(), now);
    return switch (decision) {
      case Decision.Report(String why) -> {
        tell(stack, drift, why, now);
        yield Outcome.done();
      }
      case Decision.Pause(Instant until, int attempt) -> {
        tell(
            stack,
            drift,
            "%s (%d in a row): restored again at %s"
                .formatted(
                    desired.applied() ? "restored before and changed again" : "restoring it failed",
                    attempt - 1,
                    until),
            now);
        yield Outcome.retryAfter(Duration.between(now, until));
      }
      case Decision.Restore(int attempt) -> restore(desired, drift, attempt, now);
    };
  }

  private Outcome restore(Desired desired, Drift drift, int attempt, Instant now) {
    Stack stack = desired.stack();
    if (commands.pending(stack)) {
      return Outcome.done();
    }
    if (!drift.underway().isEmpty()) {
      // How it ends marks the stack again.
      tell(
          stack,
          drift,
          "restored when Swarm has done with " + String.join(", ", drift.underway()),
          now);
      return Outcome.done();
    }
    return switch (beside(desired, now)) {
      case Beside.Running(Revision other) -> {
        tell(
            stack,
            drift,
            "not restored while %s deploys the stack straight to the Engine, since %s"
                .formatted(other.by(), other.at()),
            now);
        yield Outcome.retryAfter(SOMEBODY_DEPLOYS);
      }
      case Beside.Failed(Revision other) -> {
        tell(
            stack,
            drift,
            ("not restored: what %s deployed straight to the Engine at %s failed; deploy the stack"
                    + " again, or take it back by skep stack rollback")
                .formatted(other.by(), other.at()),
            now);
        yield Outcome.done();
      }
      case Beside.Deployed(KeptRevision kept) -> {
        tell(stack, drift, "what was deployed straight to the Engine is taken over", now);
        takeOver(stack, kept);
        yield Outcome.done();
      }
      case Beside.Nothing() -> {
        tell(stack, drift, "being restored", now);
        log.atInfo()
            .addKeyValue("stack", stack.name())
            .addKeyValue("revision", stack.revision())
            .addKeyValue("attempt", attempt)
            .addKeyValue("drift", drift.text())
            .log("Restoring stack");
        commands.restore(
            stack,
            Repeat.of(desired.revision(), desired.body()),
            PastHeal.about(stack.name(), stack.revision(), attempt, drift.keys()));
        yield Outcome.done();
      }
    };
  }

  /**
   * Who deployed straight to the Engine while the stack was restored may have lost what they
   * deployed: once after each restoration it is looked for that.
   */
  private Outcome overwritten(Desired desired, Instant now) {
    Stack stack = desired.stack();
    boolean looked = Long.valueOf(stack.revision()).equals(lookedBeside.get(stack.name()));
    if (desired.last().isEmpty() || looked || commands.pending(stack)) {
      return Outcome.done();
    }
    return switch (beside(desired, now)) {
      case Beside.Running running -> Outcome.retryAfter(SOMEBODY_DEPLOYS);
      case Beside.Deployed(KeptRevision kept) -> {
        takeOver(stack, kept);
        yield Outcome.done();
      }
      case Beside.Failed failed -> looked(stack);
      case Beside.Nothing nothing -> looked(stack);
    };
  }

  private Outcome looked(Stack stack) {
    lookedBeside.put(stack.name(), stack.revision());
    return Outcome.done();
  }

  private Beside beside(Desired desired, Instant now) {
    List<KeptRevision> others =
        configs.of(desired.stack().name()).stream()
            .filter(k -> !HealCommands.tookOver(desired.origin(), k))
            .toList();
    return Beside.of(others, desired.origin().at(), now);
  }

  private void takeOver(Stack stack, KeptRevision kept) {
    log.atInfo()
        .addKeyValue("stack", stack.name())
        .addKeyValue("by", kept.revision().by())
        .addKeyValue("at", kept.revision().at())
        .log("What was deployed straight to the Engine is taken over");
    commands.takeOver(stack, kept);
  }

  private void tell(Stack stack, Drift drift, String what, Instant now) {
    if (!drift.none()) {
      conditions.set(
          stack, Condition.isFalse(Stack.IN_SYNC, "Differs", drift.text() + "; " + what, now));
    }
  }
}
