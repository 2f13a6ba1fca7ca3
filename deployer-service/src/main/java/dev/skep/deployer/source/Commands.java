package dev.skep.deployer.source;

import dev.skep.deployer.source.declare.Source;
import dev.skep.deployer.state.Deployments;
import dev.skep.deployer.state.StackBody;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Asks the deployer for what a source wants, each thing once:
 *
 * <ol>
 *   <li>not at all if the stack is another's
 *   <li>not if it was asked for before: what people have changed by hand since stays until the next
 *       commit
 *   <li>not if it is what is desired already
 *   <li>again, by another id, if the command was refused or not taken up in its time
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
  private final Map<String, String> claims = new ConcurrentHashMap<>();

  private final Map<String, Sent> sent = new ConcurrentHashMap<>();

  private record Sent(String first, String id, int attempt, Instant at) {}

  /** What came of asking. */
  sealed interface Asked {
    /** The command that made it so, whatever came of it; "" if none was needed. */
    record Done(String command) implements Asked {}

    /** Sent, and not taken up yet. */
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
            .or(() -> Ownership.refusal(source, stack, Optional.ofNullable(claims.get(stack))));
    if (refusal.isPresent()) {
      return new Asked.Refused(refusal.get());
    }
    return ask(
        commit,
        "deploy",
        stack,
        () -> owner.equals(Optional.of(source.by())) && same(stack, body),
        id -> {
          claims.put(stack, source.by());
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
    String key = commit.source().name() + "|" + what + "|" + stack;
    String first = id(commit, what, stack, 1);
    Sent last = sent.get(key);
    int attempt = 1;
    if (last != null && last.first().equals(first)) {
      if (takenUp(stack, last.id())) {
        return new Asked.Done(last.id());
      }
      Optional<String> rejected = gate.rejected(last.id());
      if (rejected.isEmpty() && clock.instant().isBefore(last.at().plus(life))) {
        return new Asked.Pending(last.id());
      }
      if (last.attempt() == MOST_ATTEMPTS) {
        return new Asked.Refused(
            "the deployer refused it: " + rejected.orElse("the command was not taken up in time"));
      }
      attempt = last.attempt() + 1;
    }
    String id = id(commit, what, stack, attempt);
    if (takenUp(stack, id)) {
      return new Asked.Done(id);
    }
    if (needless.getAsBoolean()) {
      return new Asked.Done("");
    }
    send.accept(id);
    sent.put(key, new Sent(first, id, attempt, clock.instant()));
    return new Asked.Pending(id);
  }

  private boolean takenUp(String stack, String id) {
    return Deployments.byCommand(id, gate.deployments(stack)).isPresent();
  }

  private static String id(Commit commit, String what, String stack, int attempt) {
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
