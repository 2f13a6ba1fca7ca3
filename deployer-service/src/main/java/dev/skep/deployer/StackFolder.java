package dev.skep.deployer;

import dev.skep.deployer.apply.Applier;
import dev.skep.deployer.convert.Namespace;
import dev.skep.deployer.state.Deployments;
import dev.skep.deployer.state.StackBody;
import dev.skep.deployer.state.StackLedger;
import dev.skep.model.Codecs;
import dev.skep.model.Sealed;
import dev.skep.model.command.Command;
import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Stack;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.CommandLoop;
import dev.skep.runtime.kafka.CommandRejectedException;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.runtime.seal.SealException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/** Folds {@code stack.deploy} and {@code stack.remove} into the desired state of stacks. */
final class StackFolder implements CommandLoop.Folder {
  static final String TARGET = "deployer";
  static final String DEPLOY = "stack.deploy";
  static final String REMOVE = "stack.remove";

  private final StackLedger ledger;
  private final Supplier<Collection<Deployment>> deployments;
  private final PrivateKeyRing keys;
  private final Clock clock;
  private final CommandTracker tracker;
  private final String own;

  StackFolder(
      StackLedger ledger,
      Supplier<Collection<Deployment>> deployments,
      PrivateKeyRing keys,
      Clock clock,
      CommandTracker tracker,
      String own) {
    this.ledger = ledger;
    this.deployments = deployments;
    this.keys = keys;
    this.clock = clock;
    this.tracker = tracker;
    this.own = own;
  }

  @Override
  public List<Write<?>> fold(Command command) throws CommandRejectedException {
    return switch (command.kind()) {
      case DEPLOY -> deploy(command);
      case REMOVE -> remove(command);
      default ->
          throw new CommandRejectedException(
              "'%s' is not one of %s, %s".formatted(command.kind(), DEPLOY, REMOVE));
    };
  }

  @Override
  public void rejected(Command command, String reason) {
    ledger.forget(command.id());
    tracker.rejected(command.id(), reason);
  }

  private List<Write<?>> deploy(Command command) throws CommandRejectedException {
    StackBody body = open(command);
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
    return writes(command, next, now);
  }

  private List<Write<?>> remove(Command command) throws CommandRejectedException {
    String stack = command.body() == null ? "" : command.body().path("stack").asText();
    try {
      new Namespace(stack);
    } catch (IllegalArgumentException e) {
      throw new CommandRejectedException(e.getMessage(), e);
    }
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
    return writes(command, next, now);
  }

  /** Goes on counting where a stack of this name ended: its deployments are still remembered. */
  private long nextRevision(String stack, Stack base) {
    long known = base == null ? 0 : base.revision();
    return Math.max(known, Deployments.newest(stack, deployments.get())) + 1;
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

  private static List<Write<?>> writes(Command command, Stack stack, Instant now) {
    Deployment deployment =
        Deployments.begun(stack.name(), stack.revision(), command.id(), command.by(), now);
    return List.of(
        Write.put(
            Topics.STACKS,
            Codecs.STACKS,
            stack.name(),
            stack,
            stack.removed() ? "removing" : "desired",
            command.id()),
        Write.put(
            Topics.DEPLOYMENTS,
            Codecs.DEPLOYMENTS,
            deployment.key(),
            deployment,
            "begun",
            command.id()));
  }
}
