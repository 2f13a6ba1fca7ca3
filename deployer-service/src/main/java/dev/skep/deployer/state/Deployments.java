package dev.skep.deployer.state;

import dev.skep.deployer.heal.Heals;
import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Deployment.Phase;
import dev.skep.model.stack.Deployment.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Questions about a stack's deployments, and their next states. */
public final class Deployments {
  /** How those begin who are Git repositories. */
  private static final String OF_SOURCE = "git:";

  private static final Comparator<Deployment> NEWEST_FIRST =
      Comparator.comparingLong(Deployment::revision).reversed();

  private Deployments() {}

  /** One stack's, newest first. */
  public static List<Deployment> of(String stack, Collection<Deployment> all) {
    return all.stream().filter(d -> d.stack().equals(stack)).sorted(NEWEST_FIRST).toList();
  }

  /** The one that a command asked for. */
  public static Optional<Deployment> byCommand(String command, Collection<Deployment> all) {
    return all.stream().filter(d -> d.command().equals(command)).findFirst();
  }

  /** The newest revision that any record tells of; 0 for none. */
  public static long newest(String stack, Collection<Deployment> all) {
    return of(stack, all).stream().mapToLong(Deployment::revision).max().orElse(0);
  }

  /** A deployment that begins. */
  public static Deployment begun(
      String stack, long revision, String command, String by, Instant now) {
    return new Deployment(stack, revision, command, by, Phase.RUNNING, List.of(), "", now, null);
  }

  /** A deployment that goes on, with what was done so far. */
  public static Deployment going(Deployment deployment, List<Step> steps) {
    return new Deployment(
        deployment.stack(),
        deployment.revision(),
        deployment.command(),
        deployment.by(),
        Phase.RUNNING,
        steps,
        "",
        deployment.startedAt(),
        null);
  }

  /** A deployment that ended; failed if there is an error. */
  public static Deployment ended(
      Deployment deployment, List<Step> steps, String error, Instant now) {
    return new Deployment(
        deployment.stack(),
        deployment.revision(),
        deployment.command(),
        deployment.by(),
        error.isEmpty() ? Phase.SUCCEEDED : Phase.FAILED,
        steps,
        error,
        deployment.startedAt(),
        now);
  }

  /** Those that were overtaken before they were done. */
  public static List<Deployment> overtaken(String stack, long by, Collection<Deployment> all) {
    return of(stack, all).stream()
        .filter(d -> d.phase() == Phase.RUNNING && d.revision() < by)
        .toList();
  }

  /**
   * Those to be forgotten: all but the newest, the last good one, what runs, and the last that a
   * Git repository asked for, which tells whose the stack is. Of restorations that follow each
   * other, the newest counts alone.
   */
  public static List<Deployment> outdated(String stack, int keep, Collection<Deployment> all) {
    List<Deployment> own = of(stack, all);
    List<Deployment> outdated = new ArrayList<>(Heals.repeatedDeployments(own));
    List<Deployment> others = own.stream().filter(d -> !outdated.contains(d)).toList();
    Optional<Deployment> lastGood =
        others.stream().filter(d -> d.phase() == Phase.SUCCEEDED).findFirst();
    Optional<Deployment> lastOfSource =
        others.stream().filter(d -> d.by() != null && d.by().startsWith(OF_SOURCE)).findFirst();
    others.stream()
        .skip(keep)
        .filter(d -> lastOfSource.isEmpty() || lastOfSource.get().revision() != d.revision())
        .filter(d -> d.phase() != Phase.RUNNING)
        .filter(d -> lastGood.isEmpty() || lastGood.get().revision() != d.revision())
        .forEach(outdated::add);
    return List.copyOf(outdated);
  }
}
