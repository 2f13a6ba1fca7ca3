package dev.skep.deployer.source;

import dev.skep.deployer.heal.Heals;
import dev.skep.deployer.source.declare.Source;
import dev.skep.deployer.state.Deployments;
import dev.skep.deployer.state.StackBody;
import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Deployment.Phase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Asks the deployer for what a source wants, each thing once:
 *
 * <ol>
 *   <li>not at all if the stack is another's
 *   <li>not while the source's command before it is on its way
 *   <li>not if it is what the source asked for last: what people have changed by hand since stays
 *       until the next commit
 *   <li>not if it is what the source has deployed already
 *   <li>again, by another id, if the command was refused or not taken up in its time, or if the
 *       source has deployed something else since
 * </ol>
 *
 * One for all sources; thread-safe.
 */
final class Commands {
  /** A command that was refused three times is not at fault by chance. */
  private static final int MOST_ATTEMPTS = 3;

  private final StackGate gate;
  private final Clock clock;
  private final Duration life;

  /** Which source began to deploy a stack in this process: the views lag behind. */
  private final Map<String, Claim> claims = new ConcurrentHashMap<>();

  /** The last command of each source for each stack. */
  private final Map<String, Sent> sent = new ConcurrentHashMap<>();

  private record Claim(String by, String id, Instant at) {}

  /**
   * @param asked as the first attempt's id has it
   */
  private record Sent(String asked, String id, int attempt, Instant at) {}

  /** What came of asking. */
  sealed interface Asked {
    /** The command that made it so, whatever came of it; "" if none was needed. */
    record Done(String command) implements Asked {}

    /** Sent, and not taken up yet; "" if one before it is to be taken up first. */
    record Pending(String command) implements Asked {}

    /** Not asked for, with the reason. */
    record Refused(String reason) implements Asked {}
  }

  /** A commit of a source, as commands are named after it. */
  record Commit(Source source, String id, String variables) {
    String origin() {
      return source.url() + "@" + id;
    }
  }

  /**
   * @param life how long a command may wait to be taken up
   */
  Commands(StackGate gate, Clock clock, Duration life) {
    this.gate = gate;
    this.clock = clock;
    this.life = life;
  }

  /** Asks for a stack, unless that is not needed, or not allowed. */
  Asked deploy(Commit commit, StackBody body) {
    String stack = body.stack();
    Source source = commit.source();
    boolean known = gate.stacks().contains(stack);
    Optional<String> owner =
        Ownership.owner(known, gate.deployments(stack), !known && gate.onEngine(stack));
    Optional<String> refusal =
        Ownership.refusal(source, stack, owner)
            .or(() -> Ownership.refusal(source, stack, claimant(stack, known)));
    if (refusal.isPresent()) {
      return new Asked.Refused(refusal.get());
    }
    return ask(
        commit,
        "deploy",
        stack,
        () -> isLast(source, stack) && same(stack, body),
        id -> {
          claims.put(stack, new Claim(source.by(), id, clock.instant()));
          gate.deploy(id, body, source.by(), commit.origin());
        });
  }

  /** Asks for a stack of the source to be removed. */
  Asked remove(Commit commit, String stack) {
    return ask(
        commit,
        "remove",
        stack,
        () -> !gate.stacks().contains(stack),
        id -> gate.remove(id, stack, commit.source().by(), commit.origin()));
  }

  /** Whether a stack is the source's by what was deployed. */
  boolean owns(Source source, String stack) {
    return Ownership.owner(true, gate.deployments(stack), false).equals(Optional.of(source.by()));
  }

  private Asked ask(
      Commit commit, String what, String stack, BooleanSupplier needless, Consumer<String> send) {
    String key = commit.source().name() + "|" + stack;
    String first = asked(commit, what, stack, 1);
    Sent last = sent.get(key);
    boolean again = last != null && last.asked().equals(first);
    if (last != null && !again && !takenUp(stack, last.id()) && open(last.id(), last.at())) {
      // What it makes of the stack is not known yet, and is not to come after this.
      return new Asked.Pending("");
    }
    Optional<Deployment> newest = newest(commit.source(), stack);
    if (newest.isPresent() && isOf(newest.get(), commit, what, stack)) {
      return new Asked.Done(newest.get().command());
    }
    int attempt = 1;
    if (again && !takenUp(stack, last.id())) {
      if (open(last.id(), last.at())) {
        return new Asked.Pending(last.id());
      }
      if (last.attempt() == MOST_ATTEMPTS) {
        return new Asked.Refused(
            "the deployer refused it: "
                + gate.rejected(last.id()).orElse("the command was not taken up in time"));
      }
      attempt = last.attempt() + 1;
    }
    if (needless.getAsBoolean()) {
      return new Asked.Done("");
    }
    String id =
        CommandId.after(
            asked(commit, what, stack, attempt), newest.map(Deployment::revision).orElse(0L));
    send.accept(id);
    sent.put(key, new Sent(first, id, attempt, clock.instant()));
    return new Asked.Pending(id);
  }

  /** The newest deployment that a source asked for, be it a removal. */
  private Optional<Deployment> newest(Source source, String stack) {
    return gate.deployments(stack).stream().filter(d -> isOf(d, source)).findFirst();
  }

  /** Whether nobody else has deployed a stack since a source did; restorations change nothing. */
  private boolean isLast(Source source, String stack) {
    return gate.deployments(stack).stream()
        .filter(d -> !Heals.is(d))
        .findFirst()
        .filter(d -> isOf(d, source))
        .isPresent();
  }

  /** Going back after a failure is in the source's name, too, and not what it asked for. */
  private static boolean isOf(Deployment deployment, Source source) {
    return source.by().equals(deployment.by()) && CommandId.asked(deployment.command()).isPresent();
  }

  /** Whichever attempt it was: who starts anew knows of none. */
  private static boolean isOf(Deployment deployment, Commit commit, String what, String stack) {
    Optional<String> asked = CommandId.asked(deployment.command());
    return IntStream.rangeClosed(1, MOST_ATTEMPTS)
        .anyMatch(attempt -> asked.equals(Optional.of(asked(commit, what, stack, attempt))));
  }

  private boolean takenUp(String stack, String id) {
    return Deployments.byCommand(id, gate.deployments(stack)).isPresent();
  }

  /** Whether a command may still be taken up, if it has not been. */
  private boolean open(String id, Instant at) {
    return gate.rejected(id).isEmpty() && clock.instant().isBefore(at.plus(life));
  }

  /**
   * Whose a stack will be by a command that is on its way. Once that is taken up, what was deployed
   * tells; the view of what is desired may be the later one to show it.
   */
  private Optional<String> claimant(String stack, boolean known) {
    return Optional.ofNullable(claims.get(stack))
        .filter(claim -> open(claim.id(), claim.at()))
        .filter(
            claim ->
                Deployments.byCommand(claim.id(), gate.deployments(stack))
                    .filter(d -> known || d.phase() != Phase.RUNNING)
                    .isEmpty())
        .map(Claim::by);
  }

  private static String asked(Commit commit, String what, String stack, int attempt) {
    return CommandId.of(commit.source(), what, stack, commit.id(), commit.variables(), attempt);
  }

  private boolean same(String stack, StackBody body) {
    return gate.desired(stack)
        .map(desired -> Arrays.equals(content(desired), content(body)))
        .orElse(false);
  }

  /** Without the commit, which changes nothing by itself. */
  private static byte[] content(StackBody body) {
    return new StackBody(body.stack(), body.objects(), body.options()).toBytes();
  }
}
