package dev.skep.deployer.source;

import dev.skep.deployer.source.Commands.Asked;
import dev.skep.deployer.source.Commands.Commit;
import dev.skep.deployer.source.SourceStatus.StackStatus;
import dev.skep.deployer.source.declare.Source;
import dev.skep.deployer.source.git.GitSession;
import dev.skep.deployer.source.git.Limits;
import dev.skep.deployer.source.git.SourceException;
import dev.skep.deployer.source.read.Problem;
import dev.skep.deployer.source.read.Reading;
import dev.skep.deployer.source.read.Snapshot;
import dev.skep.deployer.source.read.StackResult;
import dev.skep.deployer.source.read.StackResult.Desired;
import dev.skep.deployer.source.read.StackResult.Refused;
import dev.skep.deployer.source.secret.Decryption;
import dev.skep.deployer.source.secret.Identities;
import dev.skep.deployer.source.secret.SopsProgram;
import dev.skep.runtime.reconcile.Outcome;
import dev.skep.runtime.reconcile.Reconciliation;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one source's stacks to its newest commit:
 *
 * <ol>
 *   <li>the repository is asked for its newest commit; if nothing has changed, that is all
 *   <li>the commit is read stack by stack, and each held against the source's policy
 *   <li>what may be applied is asked for by the same commands that people's deployments are, before
 *       the next stack is read: the memory has no room for all; what may not is told, and does not
 *       touch the rest
 *   <li>what the repository does not hold any more is removed if the source prunes
 * </ol>
 */
final class SourceReconciler {
  private static final Logger log = LoggerFactory.getLogger(SourceReconciler.class);
  private static final Duration NOT_READY = Duration.ofMillis(200);

  /** A command is taken up within some milliseconds. */
  private static final Duration PENDING = Duration.ofSeconds(5);

  private final Map<String, Source> sources;
  private final Map<String, SourceState> states;
  private final StackGate gate;
  private final Commands commands;
  private final SopsProgram sops;
  private final Consumer<String> read;
  private final Path work;
  private final Clock clock;

  /**
   * @param read is told the name of a source whose commit was read and asked for
   * @param work where the private directories are made in which commits lie while they are read
   */
  SourceReconciler(
      Map<String, Source> sources,
      Map<String, SourceState> states,
      StackGate gate,
      Commands commands,
      SopsProgram sops,
      Consumer<String> read,
      Path work,
      Clock clock) {
    this.sources = sources;
    this.states = states;
    this.gate = gate;
    this.commands = commands;
    this.sops = sops;
    this.read = read;
    this.work = work;
    this.clock = clock;
  }

  /** A failure is retried with backoff. */
  Outcome reconcile(String name, Reconciliation run) throws SourceException {
    if (!gate.ready()) {
      return Outcome.retryAfter(NOT_READY);
    }
    Source source = sources.get(name);
    SourceState state = states.get(name);
    if (source == null || state == null) {
      // Not declared any more.
      return Outcome.done();
    }
    Map<String, String> variables;
    Identities identities;
    try {
      variables = Variables.read(source);
      identities = Identities.read(source.ageKey());
    } catch (SourceException e) {
      state.failed(e.getMessage());
      throw e;
    }
    try (GitSession session = GitSession.open(source, work, Limits.standard())) {
      state.reached(clock.instant());
      String mark = CommandId.variables(source, session.tip(), identities.besides(variables));
      if (state.current(session.tip(), mark)) {
        return Outcome.retryAfter(source.poll());
      }
      Snapshot snapshot = session.fetch(clock);
      Asking asking = new Asking(new Commit(source, snapshot.commit(), mark));
      Reading reading =
          Reading.of(
              source,
              snapshot,
              new Decryption(identities, sops),
              variables,
              known(),
              stack -> ask(asking, stack));
      boolean takenUp = finish(state, session.tip(), reading, asking, run);
      read.accept(name);
      return Outcome.retryAfter(takenUp ? source.poll() : shorter(PENDING, source.poll()));
    } catch (SourceException e) {
      state.failed(e.getMessage());
      throw e;
    } catch (RuntimeException e) {
      state.failed("it cannot be applied for now; see the deployer's log: " + e.getMessage());
      throw e;
    }
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /** All stacks: names that begin like those of another one are not a stack's own. */
  private Set<String> known() {
    Set<String> known = new HashSet<>(gate.stacks());
    known.addAll(gate.stacksOnEngine());
    return known;
  }

  /** What was asked for of a commit, and how its stacks stand. */
  private record Asking(Commit commit, List<Asked> asked, List<StackStatus> stacks) {
    Asking(Commit commit) {
      this(commit, new ArrayList<>(), new ArrayList<>());
    }
  }

  /** Asks for a stack, of which less is kept then. */
  private StackResult ask(Asking asking, StackResult result) {
    return switch (result) {
      case Desired desired -> {
        Asked asked = commands.deploy(asking.commit(), desired.body());
        asking.asked().add(asked);
        asking.stacks().add(status(asked, desired));
        yield desired.asked();
      }
      case Refused refused -> {
        asking
            .stacks()
            .add(new StackStatus(refused.name(), "refused", "", refused.problems(), List.of()));
        yield refused;
      }
    };
  }

  /**
   * Asks for what is to be removed, and tells of all.
   *
   * @return whether everything that was asked for has been taken up
   */
  private boolean finish(
      SourceState state, String tip, Reading reading, Asking asking, Reconciliation run) {
    Commit commit = asking.commit();
    Source source = commit.source();
    List<Asked> asked = asking.asked();
    List<StackStatus> stacks = asking.stacks();
    for (String stack : missing(source, reading)) {
      if (!source.prune()) {
        stacks.add(
            left(stack, "the repository does not hold it any more; 'prune: true' would remove it"));
      } else if (!reading.complete()) {
        stacks.add(left(stack, "not removed while the repository's list of stacks is wrong"));
      } else {
        asked.add(commands.remove(commit, stack));
        stacks.add(removal(asked.getLast(), stack));
      }
    }
    // A stack that is another's may be free at the next look.
    boolean settled =
        asked.stream().allMatch(Asked.Done.class::isInstance)
            && reading.stacks().stream().noneMatch(r -> r instanceof Refused f && f.tryAgain());
    if (state.read(
        tip, commit.variables(), reading.commit(), reading.problems(), stacks, settled)) {
      tell(source, reading, stacks, run);
    }
    boolean pending = asked.stream().anyMatch(Asked.Pending.class::isInstance);
    return !pending;
  }

  private static StackStatus status(Asked asked, Desired desired) {
    return switch (asked) {
      case Asked.Done(String command) ->
          new StackStatus(desired.name(), "applied", command, List.of(), desired.warnings());
      case Asked.Pending(String command) ->
          new StackStatus(desired.name(), "pending", command, List.of(), desired.warnings());
      case Asked.Refused(String reason) ->
          new StackStatus(
              desired.name(), "refused", "", List.of(Problem.of(reason)), desired.warnings());
    };
  }

  private static StackStatus removal(Asked asked, String stack) {
    return switch (asked) {
      case Asked.Done(String command) ->
          new StackStatus(stack, "removing", command, List.of(), List.of());
      case Asked.Pending(String command) ->
          new StackStatus(stack, "removing", command, List.of(), List.of());
      case Asked.Refused(String reason) ->
          new StackStatus(stack, "refused", "", List.of(Problem.of(reason)), List.of());
    };
  }

  private static StackStatus left(String stack, String why) {
    return new StackStatus(stack, "left", "", List.of(), List.of(Problem.of(why)));
  }

  /** The source's stacks that the commit does not name. */
  private List<String> missing(Source source, Reading reading) {
    Set<String> named =
        reading.stacks().stream().map(StackResult::name).collect(Collectors.toSet());
    return gate.stacks().stream()
        .filter(stack -> !named.contains(stack))
        .filter(stack -> commands.owns(source, stack))
        .filter(stack -> gate.desired(stack).isPresent())
        .sorted()
        .toList();
  }

  private static void tell(
      Source source, Reading reading, List<StackStatus> stacks, Reconciliation run) {
    log.atInfo()
        .addKeyValue("source", source.name())
        .addKeyValue("commit", reading.commit())
        .addKeyValue("stacks", stacks.size())
        .addKeyValue("run", run.id())
        .addKeyValue("trigger", run.trigger())
        .log("Source read");
    reading
        .problems()
        .forEach(
            p ->
                log.atWarn()
                    .addKeyValue("source", source.name())
                    .addKeyValue("commit", reading.commit())
                    .addKeyValue("problem", p)
                    .log("Source is not as it should be"));
    for (StackStatus stack : stacks) {
      stack
          .problems()
          .forEach(
              p ->
                  log.atWarn()
                      .addKeyValue("source", source.name())
                      .addKeyValue("commit", reading.commit())
                      .addKeyValue("stack", stack.name())
                      .addKeyValue("problem", p)
                      .log("Stack of a source is not applied"));
    }
  }
}
