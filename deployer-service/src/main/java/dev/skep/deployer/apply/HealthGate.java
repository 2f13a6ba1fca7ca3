package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.compose.Dependency;
import dev.skep.deployer.compose.Dependency.Condition;
import dev.skep.deployer.gate.Awaited;
import dev.skep.deployer.gate.Gate;
import dev.skep.deployer.gate.Standing;
import dev.skep.deployer.gate.Verdict;
import dev.skep.engine.EngineClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads how services do, lets {@link Gate} judge, and tells what came of it. */
final class HealthGate {
  private static final Duration TELL_EVERY = Duration.ofSeconds(10);

  /** The deployment has failed: the others get so long to show whether they have, too. */
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);

  static final String NOT_RUNNING = "did not come to run: ";

  /** Of more the logs say the same. */
  private static final int MOST_LOGS = 5;

  /** More names are no help in one line. */
  private static final int MOST_NAMES = 5;

  /**
   * Whether what a service depends on is there.
   *
   * @param why if it will not come; "" otherwise
   */
  record Need(boolean met, String why) {
    static final Need MET = new Need(true, "");
    static final Need NOT_YET = new Need(false, "");

    boolean lost() {
      return !why.isEmpty();
    }
  }

  private final Waiting waiting;
  private final Steps steps;
  private final Watch watch;
  private final LastLines logs;
  private final Gate gate = new Gate();
  private final Instant begun = Instant.now();

  /** Those that are waited for until the end; none if nobody waits. */
  private final Set<String> open = new TreeSet<>();

  private final Map<String, Verdict> verdicts = new HashMap<>();
  private Watch.Reading reading;
  private Instant tell = begun.plus(TELL_EVERY);
  private Instant firstFailure;
  private int logsRead;

  HealthGate(EngineClient engine, String stack, Waiting waiting, Steps steps) {
    this.waiting = waiting;
    this.steps = steps;
    this.watch = new Watch(engine, stack);
    this.logs = new LastLines(engine);
  }

  /** To be called before anything is changed: what has failed by then is not of what comes. */
  void prepare() {
    watch.forgetFailures();
  }

  /**
   * A service was made or changed.
   *
   * @param replaced whether it has new tasks
   */
  void begun(String service, boolean replaced) {
    gate.begun(service, replaced);
    if (waiting.waits()) {
      open.add(service);
    }
  }

  /**
   * A service is as desired already, but was changed not long ago.
   *
   * @param byThis whether by this deployment, in an attempt before this one
   */
  void unchanged(String service, boolean byThis) {
    if (byThis) {
      gate.resumed(service);
    }
    if (waiting.waits()) {
      open.add(service);
    }
  }

  Duration tick() {
    return watch.tick();
  }

  boolean late() {
    return Instant.now().isAfter(begun.plus(waiting.timeout()));
  }

  /**
   * Looks once at all that is waited for, and tells what is decided.
   *
   * @return whether the Engine answered
   */
  boolean look() {
    Optional<Watch.Reading> read = watch.read();
    if (read.isEmpty()) {
      return false;
    }
    reading = read.get();
    verdicts.clear();
    List.copyOf(open).forEach(this::judgeOpen);
    steps.watching(
        Awaited.of(
            open.stream()
                .map(n -> verdict(n).map(Verdict::standing).orElse(null))
                .filter(Objects::nonNull)
                .toList()));
    tellOpen();
    return true;
  }

  private void judgeOpen(String name) {
    Optional<Verdict> verdict = verdict(name);
    if (verdict.isEmpty()) {
      failed(name, NOT_RUNNING + "it was removed meanwhile");
    } else if (verdict.get() instanceof Verdict.Settled(Standing standing)) {
      open.remove(name);
      steps.tell(name, ApplyResult.SETTLED, standing.words());
    } else if (verdict.get() instanceof Verdict.Failed(Standing standing, String why)) {
      failed(standing, why);
    }
  }

  private Optional<Verdict> verdict(String name) {
    if (!verdicts.containsKey(name)) {
      reading
          .standing(name)
          .ifPresent(s -> verdicts.put(name, gate.judge(s, monitor(name), Instant.now())));
    }
    return Optional.ofNullable(verdicts.get(name));
  }

  private Duration monitor(String name) {
    long nanos = reading.services().get(name).at("/Spec/UpdateConfig/Monitor").asLong();
    return nanos > 0 ? Duration.ofNanos(nanos) : Gate.MONITOR;
  }

  /** What is to be thought of a dependency, after {@link #look}. */
  Need need(Dependency dependency) {
    String name = dependency.service();
    String before = steps.last(name);
    if (before.equals(ApplyResult.FAILED)) {
      return new Need(false, "could not be made");
    }
    if (before.equals(ApplyResult.SKIPPED)) {
      return new Need(false, "did not get its turn");
    }
    Optional<Verdict> found = verdict(name);
    if (found.isEmpty()) {
      return late() || before.equals(ApplyResult.UNSETTLED)
          ? new Need(false, "is not there")
          : Need.NOT_YET;
    }
    String not = not(dependency.condition());
    Standing standing = found.get().standing();
    if (found.get() instanceof Verdict.Failed(Standing failed, String why)) {
      return new Need(false, withCause(not + ": " + why, failed));
    }
    if (gate.meets(found.get(), dependency.condition(), Instant.now())) {
      return Need.MET;
    }
    return late()
        ? new Need(false, withCause(not + " in time: " + standing.words(), standing))
        : Need.NOT_YET;
  }

  private static String withCause(String what, Standing standing) {
    return standing.causes().isEmpty() ? what : what + "; " + standing.causes().getFirst();
  }

  private static String not(Condition condition) {
    return switch (condition) {
      case STARTED -> "did not come to run";
      case HEALTHY -> "did not get healthy";
      case COMPLETED -> "did not complete";
    };
  }

  /** Whether there is nothing left to wait for. Looks, unless there is nothing. */
  boolean done() {
    if (open.isEmpty()) {
      return true;
    }
    if (!look()) {
      return false;
    }
    if (!open.isEmpty() && late()) {
      String time = " after " + waiting.timeout().toSeconds() + " s";
      for (String name : List.copyOf(open)) {
        Standing standing = verdicts.get(name).standing();
        failed(standing, standing.words() + time);
      }
    }
    boolean enough =
        firstFailure != null && Instant.now().isAfter(firstFailure.plus(AFTER_FAILURE));
    return open.isEmpty() || enough;
  }

  /** A service did not come to run, as the wait for services that come before others has found. */
  void lost(String name, String why) {
    reading = watch.read().orElse(reading);
    Optional<Standing> standing = Optional.ofNullable(reading).flatMap(r -> r.standing(name));
    if (standing.isPresent()) {
      failed(standing.get(), why);
    } else {
      failed(name, NOT_RUNNING + why);
    }
  }

  private void failed(String name, String why) {
    open.remove(name);
    firstFailure = firstFailure == null ? Instant.now() : firstFailure;
    steps.add("service", name, ApplyResult.UNSETTLED, why);
  }

  private void failed(Standing standing, String why) {
    List<String> lines = new ArrayList<>();
    lines.add((standing.job() ? "did not complete: " : NOT_RUNNING) + why);
    lines.addAll(standing.causes());
    standing
        .exited()
        .filter(task -> logsRead++ < MOST_LOGS)
        .ifPresent(
            task -> {
              JsonNode service = reading.services().get(standing.service());
              boolean tty = service.at("/Spec/TaskTemplate/ContainerSpec/TTY").asBoolean();
              List<String> last = logs.of(task, tty);
              if (!last.isEmpty()) {
                lines.add("the last lines of " + task.name() + ":");
                last.forEach(line -> lines.add("| " + line));
              }
            });
    failed(standing.service(), String.join("\n  ", lines));
  }

  private void tellOpen() {
    if (open.isEmpty() || Instant.now().isBefore(tell)) {
      return;
    }
    tell = Instant.now().plus(TELL_EVERY);
    String names = String.join(", ", open.stream().limit(MOST_NAMES).toList());
    String more =
        open.size() > MOST_NAMES ? " and %d more".formatted(open.size() - MOST_NAMES) : "";
    String how =
        verdict(open.iterator().next())
            .map(v -> withCause(v.standing().words(), v.standing()))
            .orElse("");
    steps.tell(names + more, ApplyResult.AWAITED, how);
  }
}
