package dev.skep.deployer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.apply.Applier;
import dev.skep.deployer.apply.ApplyResult;
import dev.skep.deployer.heal.PastHeal;
import dev.skep.deployer.plan.LiveStack;
import dev.skep.deployer.plan.ServicePlan;
import dev.skep.deployer.revision.ChangedFields;
import dev.skep.deployer.revision.NewRevisions;
import dev.skep.deployer.revision.RanImages;
import dev.skep.deployer.revision.Revisions;
import dev.skep.deployer.revision.Summaries;
import dev.skep.deployer.revision.UsedFiles;
import dev.skep.deployer.state.StackBody;
import dev.skep.model.Codecs;
import dev.skep.model.command.Command;
import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Deployment.Step;
import dev.skep.model.stack.Revision;
import dev.skep.model.stack.Stack;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.Write;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes down what became of a revision when its deployment ends:
 *
 * <ol>
 *   <li>the images that its services run and the objects that they use, if it succeeded
 *   <li>the revisions that are not kept any more are dropped; all of them, if the stack was removed
 *       and is to be forgotten
 *   <li>what none of the kept ones needs is removed from the cluster
 *   <li>if it failed and was to go back then, the command that does so goes into the same
 *       transaction as the end: it is asked for once, whatever happens to this process
 * </ol>
 */
final class RevisionKeeper {
  /** What is added to a command's id for the one that goes back after its failure. */
  static final String BACK = ".rollback";

  /** The step that says that the stack goes back. */
  static final String ROLLING_BACK = "rolling-back";

  private static final Duration COMMAND_LIFE = Duration.ofHours(1);

  private final RevisionStore store;
  private final Applier applier;
  private final Clock clock;
  private final int keep;

  /** Deployment to service to the paths of fields, of what runs. */
  private final Map<String, Map<String, List<String>>> changed = new ConcurrentHashMap<>();

  RevisionKeeper(RevisionStore store, Applier applier, Clock clock, int keep) {
    this.store = store;
    this.applier = applier;
    this.clock = clock;
    this.keep = keep;
  }

  /**
   * What is to be written at a deployment's end.
   *
   * @param result with what else was done, and what is done next
   * @param error why it failed, with what comes next; "" if it did not
   */
  record End(ApplyResult result, String error, List<Write<?>> writes) {}

  boolean ready() {
    return store.ready();
  }

  /** An attempt begins; what an earlier one changed stays noted. */
  void begin(Deployment deployment) {
    changed.computeIfAbsent(deployment.key(), k -> new ConcurrentHashMap<>());
  }

  /** What was decided for a service. */
  void planned(Deployment deployment, String service, ServicePlan plan) {
    List<String> fields = ChangedFields.of(plan);
    Map<String, List<String>> services = changed.get(deployment.key());
    if (services != null && !fields.isEmpty()) {
      services.put(service, fields);
    }
  }

  /** A deployment that was overtaken. */
  Optional<Write<?>> overtaken(Deployment deployment) {
    changed.remove(deployment.key());
    return Revisions.find(store.of(deployment.stack()), deployment.revision())
        .map(
            r ->
                store.put(
                    r.ended(
                        deployment.error(),
                        clock.instant(),
                        Summaries.of(deployment.steps(), Map.of()),
                        List.of(),
                        List.of()),
                    "overtaken"));
  }

  /**
   * A deployment that ended.
   *
   * @param body what was applied; null if that could not be read, or is a removal
   * @throws dev.skep.engine.EngineException if the Engine cannot be reached or read; nothing was
   *     noted then
   */
  End end(Stack stack, Deployment deployment, StackBody body, ApplyResult result, String error) {
    List<Revision> before = store.of(stack.name());
    LiveStack live = error.isEmpty() && body != null ? applier.live(stack.name()) : null;
    // One that was begun before revisions were kept is noted all the same.
    Revision begun =
        Revisions.find(before, stack.revision())
            .orElseGet(() -> NewRevisions.begun(deployment, stack, body));
    Revision ended = ended(begun, deployment, body, live, result, error);
    List<Revision> all = new ArrayList<>(before);
    all.removeIf(r -> r.number() == ended.number());
    all.add(ended);
    List<Revision> sorted = Revisions.of(stack.name(), all);
    List<Revision> outdated = Revisions.outdated(sorted, keep);
    all.removeAll(outdated);
    ApplyResult done = live == null ? result : pruned(result, body, live, all);
    List<Write<?>> writes = new ArrayList<>();
    writes.add(store.put(ended, error.isEmpty() ? "succeeded" : "failed"));
    boolean forgotten = error.isEmpty() && ended.removal() && ended.asked(NewRevisions.FORGET);
    (forgotten ? sorted : outdated).forEach(r -> writes.addAll(store.drop(r)));
    changed.remove(deployment.key());
    End end = new End(done, error, writes);
    return !error.isEmpty() && goesBack(ended) ? goingBack(end, deployment, sorted) : end;
  }

  private Revision ended(
      Revision begun,
      Deployment deployment,
      StackBody body,
      LiveStack live,
      ApplyResult result,
      String error) {
    Map<String, List<String>> fields = changed.getOrDefault(deployment.key(), Map.of());
    return begun.ended(
        error,
        clock.instant(),
        Summaries.of(result.steps(), fields),
        live == null ? List.of() : RanImages.of(body.objects(), live.services()),
        live == null ? List.of() : UsedFiles.of(body.objects(), live));
  }

  private ApplyResult pruned(
      ApplyResult result, StackBody body, LiveStack live, List<Revision> kept) {
    ApplyResult removed = applier.removeUnused(body.objects(), live, Revisions.objectsInUse(kept));
    List<Step> steps = new ArrayList<>(result.steps());
    steps.addAll(removed.steps());
    List<String> warnings = new ArrayList<>(result.warnings());
    warnings.addAll(removed.warnings());
    return new ApplyResult(steps, warnings);
  }

  private End goingBack(End end, Deployment deployment, List<Revision> revisions) {
    Optional<Revision> target = Revisions.lastGoodBefore(revisions, deployment.revision());
    if (target.isEmpty()) {
      String error = end.error() + "; there is no good revision to go back to";
      return new End(end.result(), error, end.writes());
    }
    List<Step> steps = new ArrayList<>(end.result().steps());
    String to = "to revision " + target.get().number();
    steps.add(new Step("stack", deployment.stack(), ROLLING_BACK, to));
    List<Write<?>> writes = new ArrayList<>(end.writes());
    writes.add(goBack(deployment, target.get()));
    return new End(new ApplyResult(steps, end.result().warnings()), end.error(), writes);
  }

  private static boolean goesBack(Revision revision) {
    // What others have deployed by themselves is theirs to take back.
    boolean takenOver = revision.options().containsKey(PastHeal.TAKEN_OVER);
    return !revision.removal()
        && revision.rollbackOf() == 0
        && !takenOver
        && revision.asked("rollbackOnFailure");
  }

  private Write<?> goBack(Deployment failed, Revision target) {
    Instant now = clock.instant();
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("stack", failed.stack());
    body.put("revision", target.number()).put("failed", failed.revision());
    Command command =
        new Command(
            failed.command() + BACK,
            StackFolder.TARGET,
            StackFolder.ROLLBACK,
            failed.by(),
            now,
            now.plus(COMMAND_LIFE),
            body,
            null);
    return Write.put(
        Topics.COMMANDS, Codecs.COMMANDS, StackFolder.TARGET, command, "issued", command.id());
  }
}
