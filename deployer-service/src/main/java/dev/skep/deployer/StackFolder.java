package dev.skep.deployer;

import dev.skep.deployer.apply.Applier;
import dev.skep.deployer.convert.Namespace;
import dev.skep.deployer.heal.PastHeal;
import dev.skep.deployer.image.policy.PastImages;
import dev.skep.deployer.image.policy.RolledBody;
import dev.skep.deployer.image.policy.RolledBody.NewImage;
import dev.skep.deployer.revision.NewRevisions;
import dev.skep.deployer.revision.Revisions;
import dev.skep.deployer.revision.Rollback;
import dev.skep.deployer.state.Deployments;
import dev.skep.deployer.state.StackBody;
import dev.skep.deployer.state.StackLedger;
import dev.skep.model.Codecs;
import dev.skep.model.Sealed;
import dev.skep.model.command.Command;
import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Revision;
import dev.skep.model.stack.Stack;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.CommandLoop;
import dev.skep.runtime.kafka.CommandRejectedException;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.runtime.seal.SealException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Folds {@code stack.deploy}, {@code stack.remove}, {@code stack.rollback}, {@code stack.heal} and
 * {@code stack.image} into the desired state of stacks, each as a new revision.
 */
final class StackFolder implements CommandLoop.Folder {
  static final String TARGET = "deployer";
  static final String DEPLOY = "stack.deploy";
  static final String REMOVE = "stack.remove";
  static final String ROLLBACK = "stack.rollback";

  /** Restores what is desired, or takes over what was deployed without the deployer. */
  static final String HEAL = "stack.heal";

  /** In the body of {@link #HEAL}: what was done without the deployer is the stack's removal. */
  static final String REMOVAL = "removal";

  /** {@code {"stack":NAME,"revision":N,"images":{}}}, images as {@link RolledBody} writes them. */
  static final String IMAGE = "stack.image";

  private final StackLedger ledger;
  private final RevisionStore revisions;
  private final Supplier<Collection<Deployment>> deployments;
  private final PrivateKeyRing keys;
  private final Clock clock;
  private final CommandTracker tracker;
  private final String own;

  StackFolder(
      StackLedger ledger,
      RevisionStore revisions,
      Supplier<Collection<Deployment>> deployments,
      PrivateKeyRing keys,
      Clock clock,
      CommandTracker tracker,
      String own) {
    this.ledger = ledger;
    this.revisions = revisions;
    this.deployments = deployments;
    this.keys = keys;
    this.clock = clock;
    this.tracker = tracker;
    this.own = own;
  }

  @Override
  public List<Write<?>> fold(Command command) throws CommandRejectedException {
    // If it comes again, what it wrote before was not committed.
    revisions.forget(command.id());
    return switch (command.kind()) {
      case DEPLOY -> deploy(command);
      case REMOVE -> remove(command);
      case ROLLBACK -> rollback(command);
      case HEAL -> heal(command);
      case IMAGE -> image(command);
      default ->
          throw new CommandRejectedException(
              "'%s' is not one of %s, %s, %s, %s, %s"
                  .formatted(command.kind(), DEPLOY, REMOVE, ROLLBACK, HEAL, IMAGE));
    };
  }

  @Override
  public void rejected(Command command, String reason) {
    ledger.forget(command.id());
    revisions.forget(command.id());
    tracker.rejected(command.id(), reason);
  }

  private List<Write<?>> deploy(Command command) throws CommandRejectedException {
    return deploy(command, open(command));
  }

  private List<Write<?>> deploy(Command command, StackBody body) {
    Instant now = clock.instant();
    Stack next =
        ledger.fold(
            command.id(),
            body.stack(),
            base -> {
              long revision = nextRevision(body.stack(), base);
              Sealed sealed =
                  keys.publicKeys()
                      .seal(body.toBytes(), StackBody.sealingContext(body.stack(), revision));
              return new Stack(
                  body.stack(),
                  revision,
                  base == null ? 0 : base.observedRevision(),
                  body.serviceNames(),
                  sealed,
                  false,
                  now,
                  base == null ? List.of() : base.conditions());
            });
    List<Write<?>> writes = writes(command, next, body, now);
    writes.add(revisions.putBody(body, next.revision(), command.id()));
    return writes;
  }

  /** The body of an old revision becomes a new one's. */
  private List<Write<?>> rollback(Command command) throws CommandRejectedException {
    String stack = stackOf(command);
    long failed = command.body().path("failed").asLong();
    long newest = ledger.newest(command.id(), stack);
    if (failed != 0 && newest != failed) {
      throw new CommandRejectedException(
          "revision %d of stack %s was overtaken by %d".formatted(failed, stack, newest));
    }
    List<Revision> kept = revisions.of(stack);
    try {
      Revision target = Rollback.target(stack, kept, command.body().path("revision").asLong());
      StackBody body =
          revisions
              .body(stack, target.number())
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "what revision %d of stack %s consisted of is not kept"
                              .formatted(target.number(), stack)));
      return deploy(command, Rollback.to(target, kept, body));
    } catch (IllegalArgumentException e) {
      throw new CommandRejectedException(e.getMessage(), e);
    }
  }

  /** Only if nothing else was asked for since: a restoration never undoes a deployment. */
  private List<Write<?>> heal(Command command) throws CommandRejectedException {
    String stack = stackOf(command);
    long meant = command.body().path("revision").asLong();
    long newest = ledger.newest(command.id(), stack);
    if (newest != meant) {
      throw new CommandRejectedException(
          "revision %d of stack %s was overtaken by %d".formatted(meant, stack, newest));
    }
    return command.body().path(REMOVAL).asBoolean() ? remove(command) : deploy(command);
  }

  /** Some services get other images; all else stays as it is desired now. */
  private List<Write<?>> image(Command command) throws CommandRejectedException {
    String name = stackOf(command);
    long wanted = command.body().path("revision").asLong();
    Stack current = ledger.current(command.id(), name).orElse(null);
    if (current == null || current.removed() || current.revision() != wanted) {
      throw new CommandRejectedException(
          "revision %d of stack %s was overtaken".formatted(wanted, name));
    }
    try {
      Map<String, NewImage> images = RolledBody.fromJson(command.body().path("images"));
      StackBody body = SealedBodies.open(current, keys);
      // A rollback is never taken back itself: what counts is what was last deployed.
      boolean back =
          revisions.of(name).stream()
              .filter(r -> r.rollbackOf() == 0)
              .findFirst()
              .map(r -> r.asked("rollbackOnFailure"))
              .orElse(body.options().rollbackOnFailure());
      return deploy(command, RolledBody.of(body, images, back));
    } catch (IllegalArgumentException | SealException e) {
      throw new CommandRejectedException(e.getMessage(), e);
    }
  }

  private static String stackOf(Command command) throws CommandRejectedException {
    String stack = command.body() == null ? "" : command.body().path("stack").asText();
    try {
      return new Namespace(stack).stack();
    } catch (IllegalArgumentException e) {
      throw new CommandRejectedException(e.getMessage(), e);
    }
  }

  private List<Write<?>> remove(Command command) throws CommandRejectedException {
    String stack = stackOf(command);
    if (own.startsWith(stack + "_")) {
      // Refused before it is desired: the stack's body would be lost for nothing.
      throw new CommandRejectedException(Applier.OWN_REMOVAL.formatted(stack));
    }
    Instant now = clock.instant();
    Stack next =
        ledger.fold(
            command.id(),
            stack,
            base ->
                new Stack(
                    stack,
                    nextRevision(stack, base),
                    base == null ? 0 : base.observedRevision(),
                    base == null ? List.of() : base.services(),
                    null,
                    true,
                    now,
                    base == null ? List.of() : base.conditions()));
    return writes(command, next, null, now);
  }

  /** Goes on counting where a stack of this name ended: its deployments are still remembered. */
  private long nextRevision(String stack, Stack base) {
    long known = base == null ? 0 : base.revision();
    long told = Deployments.newest(stack, deployments.get());
    return Math.max(known, Math.max(told, Revisions.newest(revisions.of(stack)))) + 1;
  }

  private StackBody open(Command command) throws CommandRejectedException {
    if (command.sealed() == null) {
      throw new CommandRejectedException(DEPLOY + " needs a sealed body");
    }
    try {
      return StackBody.fromBytes(
          keys.open(command.sealed(), Command.sealingContext(TARGET, command.id())));
    } catch (SealException e) {
      throw new CommandRejectedException(
          "the body cannot be opened; seal it to the deployer's current key", e);
    } catch (IllegalArgumentException e) {
      throw new CommandRejectedException(e.getMessage(), e);
    }
  }

  private List<Write<?>> writes(Command command, Stack stack, StackBody body, Instant now) {
    Deployment deployment =
        Deployments.begun(stack.name(), stack.revision(), command.id(), command.by(), now);
    List<Write<?>> writes = new ArrayList<>();
    writes.add(
        Write.put(
            Topics.STACKS,
            Codecs.STACKS,
            stack.name(),
            stack,
            stack.removed() ? "removing" : "desired",
            command.id()));
    writes.add(
        Write.put(
            Topics.DEPLOYMENTS,
            Codecs.DEPLOYMENTS,
            deployment.key(),
            deployment,
            "begun",
            command.id()));
    Revision revision =
        PastImages.note(
            PastHeal.note(NewRevisions.begun(deployment, stack, body), command.body()),
            command.body());
    boolean forget = command.body() != null && command.body().path("forget").asBoolean();
    writes.add(
        revisions.put(forget ? revision.with(NewRevisions.FORGET, "true") : revision, "begun"));
    return writes;
  }
}
