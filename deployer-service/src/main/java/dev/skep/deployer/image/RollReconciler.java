package dev.skep.deployer.image;

import dev.skep.deployer.image.policy.Choice;
import dev.skep.deployer.image.policy.Followed;
import dev.skep.deployer.image.policy.FollowedServices;
import dev.skep.deployer.image.policy.PastImages;
import dev.skep.deployer.image.policy.RolledBody.NewImage;
import dev.skep.deployer.image.policy.Told;
import dev.skep.deployer.image.policy.Watched;
import dev.skep.deployer.state.StackBody;
import dev.skep.model.stack.Revision;
import dev.skep.runtime.reconcile.Outcome;
import dev.skep.runtime.reconcile.Reconciliation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the services of one stack to what their registries have:
 *
 * <ol>
 *   <li>what its revision follows is indexed; what is new of it is asked for
 *   <li>a deployment under way is waited for: nobody's is overtaken by a registry
 *   <li>what the registries told last is held against what the services are to run
 *   <li>all that is to be changed is asked for by one command, which builds on just this revision
 * </ol>
 */
final class RollReconciler {
  private static final Logger log = LoggerFactory.getLogger(RollReconciler.class);
  private static final Duration NOT_READY = Duration.ofMillis(200);

  private final FollowIndex index;
  private final Answers answers;
  private final ImageGate gate;
  private final RollCommands commands;
  private final BiConsumer<Watched, String> ask;

  /** How the services of each stack stand, as of its last run. */
  private final Map<String, List<ImageStatus>> statuses = new ConcurrentHashMap<>();

  /**
   * @param ask has a registry asked, and why
   */
  RollReconciler(
      FollowIndex index,
      Answers answers,
      ImageGate gate,
      RollCommands commands,
      BiConsumer<Watched, String> ask) {
    this.index = index;
    this.answers = answers;
    this.gate = gate;
    this.commands = commands;
    this.ask = ask;
  }

  Outcome reconcile(String stack, Reconciliation run) {
    if (!gate.ready()) {
      return Outcome.retryAfter(NOT_READY);
    }
    OptionalLong revision = gate.revision(stack);
    if (revision.isEmpty() || !indexed(stack, revision.getAsLong())) {
      index.remove(stack);
      statuses.remove(stack);
      return Outcome.done();
    }
    FollowedServices followed = index.of(stack);
    if (followed.services().isEmpty() && followed.problems().isEmpty()) {
      statuses.remove(stack);
      return Outcome.done();
    }
    decide(stack, revision.getAsLong(), followed, run);
    return Outcome.done();
  }

  /** Reads a revision's labels once; false if it is not desired any more. */
  private boolean indexed(String stack, long revision) {
    OptionalLong before = index.revision(stack);
    if (before.isPresent() && before.getAsLong() == revision) {
      return true;
    }
    Optional<StackBody> body = gate.body(stack, revision);
    if (body.isEmpty()) {
      return false;
    }
    FollowedServices followed = FollowedServices.of(body.get());
    Map<String, String> told = index.of(stack).problems();
    followed.problems().entrySet().stream()
        .filter(p -> !p.getValue().equals(told.get(p.getKey())))
        .forEach(
            p ->
                log.atWarn()
                    .addKeyValue("service", p.getKey())
                    .addKeyValue("reason", p.getValue())
                    .log("A service's image is not followed: its label cannot be honoured"));
    index.put(stack, revision, followed).forEach(w -> ask.accept(w, "label"));
    return true;
  }

  private void decide(String stack, long revision, FollowedServices followed, Reconciliation run) {
    boolean ended = gate.ended(stack, revision);
    List<Revision> revisions = gate.revisions(stack);
    Map<String, NewImage> images = new TreeMap<>();
    List<ImageStatus> standing = new ArrayList<>();
    Current current = new Current(() -> gate.running(stack), revisions);
    for (Followed service : followed.services()) {
      Told told = answers.get(service.watched(), service.auth());
      String now = told.at() == null ? service.pinned() : current.of(service);
      Set<String> tried = PastImages.takenBack(service.service(), revisions);
      Choice choice = told.at() == null ? new Choice.Stay() : Choice.of(service, told, now, tried);
      if (choice instanceof Choice.Roll(var image, var pin)) {
        images.put(service.service(), new NewImage(image.name(), pin));
      }
      standing.add(Standing.of(service, told, now, choice, ended));
    }
    followed
        .problems()
        .forEach((service, why) -> standing.add(Standing.refused(stack, service, why)));
    String refusal =
        ended && !images.isEmpty() ? commands.ask(stack, revision, images, run.id()) : "";
    statuses.put(
        stack,
        refusal.isEmpty()
            ? List.copyOf(standing)
            : standing.stream().map(s -> Standing.refused(s, refusal)).toList());
  }

  /** How all services stand. */
  List<ImageStatus> statuses() {
    return new TreeMap<>(statuses).values().stream().flatMap(List::stream).toList();
  }
}
