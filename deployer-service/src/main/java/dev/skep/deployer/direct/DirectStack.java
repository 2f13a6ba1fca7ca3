package dev.skep.deployer.direct;

import dev.skep.deployer.apply.Applier;
import dev.skep.deployer.apply.ApplyListener;
import dev.skep.deployer.apply.ApplyResult;
import dev.skep.deployer.apply.OvertakenException;
import dev.skep.deployer.apply.StackException;
import dev.skep.deployer.convert.Namespace;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.plan.LiveStack;
import dev.skep.deployer.plan.StackPlan;
import dev.skep.deployer.revision.NewRevisions;
import dev.skep.deployer.revision.PackedBody;
import dev.skep.deployer.revision.RanImages;
import dev.skep.deployer.revision.RevisionText;
import dev.skep.deployer.revision.Revisions;
import dev.skep.deployer.revision.Rollback;
import dev.skep.deployer.revision.Summaries;
import dev.skep.deployer.revision.UsedFiles;
import dev.skep.deployer.state.StackBody;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.model.stack.Deployment.Step;
import dev.skep.model.stack.Revision;
import dev.skep.model.stack.Revision.Summary;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Deploys straight to the Engine and keeps each revision there:
 *
 * <ol>
 *   <li>the revision is kept, without secrets and credentials, before anything is changed
 *   <li>the stack is applied
 *   <li>what came of it, and which images and objects its services use, is noted
 *   <li>revisions beyond the last ten are dropped, and rotated objects that none needs removed
 * </ol>
 *
 * <p>A revision that cannot be kept is warned of, and the deployment goes on. Of several that are
 * deployed at the same time the one with the newest number wins ({@link Contention}). Blocks.
 */
public final class DirectStack {
  private static final byte[] NO_BODY = {'-'};

  private static final String INTERRUPTED = "interrupted by who deployed it";
  private static final String BROKEN_OFF = "broken off: nothing was noted of its end";

  private final Applier applier;
  private final RevisionConfigs configs;
  private final Clock clock;
  private final String by;

  /** Of what is being deployed; null if nothing is. */
  private volatile RevisionNote current;

  /**
   * A way to the Engine.
   *
   * @param by who deploys, for the history
   */
  public DirectStack(EngineClient engine, Clock clock, String by) {
    this.applier = new Applier(engine);
    this.configs = new RevisionConfigs(engine);
    this.clock = clock;
    this.by = by;
  }

  /**
   * What came of it.
   *
   * @param revision its number; 0 if it was not kept
   * @param error "" if it succeeded
   * @param back what came of going back, if it failed and was to; null if it did not
   */
  public record Outcome(ApplyResult result, long revision, String error, Outcome back) {
    /** In words, with what came of going back; "" if it succeeded. */
    public String told() {
      if (error.isEmpty() || back == null) {
        return error;
      }
      return back.error().isEmpty()
          ? "%s; the stack was taken back, as revision %d".formatted(error, back.revision())
          : "%s; going back failed, too: %s".formatted(error, back.error());
    }
  }

  /**
   * Deploys a stack; if its options say so, takes it back if that fails.
   *
   * @throws EngineException if the Engine cannot be reached or read
   */
  public Outcome deploy(StackBody body, ApplyListener listener) {
    List<KeptRevision> before = configs.of(body.stack());
    Outcome outcome = deploy(body, before, listener);
    if (outcome.error().isEmpty() || !body.options().rollbackOnFailure()) {
      return outcome;
    }
    if (outcome.revision() != 0 && Revisions.newest(history(body.stack())) > outcome.revision()) {
      String error = outcome.error() + "; it is not taken back, since it was deployed again since";
      return new Outcome(outcome.result(), outcome.revision(), error, null);
    }
    Optional<Revision> target =
        Revisions.lastGoodBefore(
            records(before), outcome.revision() == 0 ? Long.MAX_VALUE : outcome.revision());
    if (target.isEmpty()) {
      String error = outcome.error() + "; there is no good revision to go back to";
      return new Outcome(outcome.result(), outcome.revision(), error, null);
    }
    Outcome back;
    try {
      back = rollback(body.stack(), target.get().number(), listener);
    } catch (StackException e) {
      back = new Outcome(new ApplyResult(List.of(), List.of()), 0, e.getMessage(), null);
    }
    return new Outcome(outcome.result(), outcome.revision(), outcome.error(), back);
  }

  /**
   * Goes back to a revision, as a new one.
   *
   * @param wanted its number; 0 for the last good one before the current
   * @throws StackException if there is none, or what it needs is gone; nothing was changed
   */
  public Outcome rollback(String stack, long wanted, ApplyListener listener) {
    List<KeptRevision> kept = configs.of(stack);
    List<Revision> records = records(kept);
    try {
      Revision target = Rollback.target(stack, records, wanted);
      StackBody body = body(kept, target);
      needs(target, body.objects());
      return deploy(Rollback.to(target, records, body), kept, listener);
    } catch (IllegalArgumentException e) {
      throw new StackException(e.getMessage());
    }
  }

  /**
   * A stack's revisions, newest first. One whose process ended without a note of its end, killed
   * perhaps, is told as failed: when a newer one began some time ago, and when nobody waits so
   * long.
   */
  public List<Revision> history(String stack) {
    List<Revision> records = records(configs.of(stack));
    long newest = Revisions.newest(records);
    Instant now = clock.instant();
    return records.stream()
        .map(
            r ->
                RevisionNote.brokenOff(r, newest, now)
                    ? r.ended(BROKEN_OFF, null, null, List.of(), List.of())
                    : r)
        .toList();
  }

  /**
   * Notes that what is being deployed is broken off, for a process that is told to end; nothing
   * happens if nothing is. To be called from another thread than the one that deploys.
   */
  public void interrupted() {
    RevisionNote note = current;
    if (note != null) {
      note.end(r -> r.ended(INTERRUPTED, clock.instant(), null, List.of(), List.of()));
    }
  }

  /**
   * What differs between two revisions.
   *
   * @throws StackException if one is not kept
   */
  public StackPlan diff(String stack, long from, long to) {
    List<KeptRevision> kept = configs.of(stack);
    try {
      Revision a = find(stack, kept, from);
      Revision b = find(stack, kept, to);
      return RevisionText.diff(a, bodyOrNull(kept, a), b, bodyOrNull(kept, b));
    } catch (IllegalArgumentException e) {
      throw new StackException(e.getMessage());
    }
  }

  /** Removes a stack. Its revisions stay, and its removal is one more. */
  public ApplyResult remove(String stack, ApplyListener listener) {
    List<KeptRevision> before = configs.of(stack);
    if (before.isEmpty()) {
      return applier.remove(stack, listener);
    }
    Revision removal =
        NewRevisions.begun(stack, next(before), "", by, clock.instant(), null, true, List.of());
    RevisionNote note = RevisionNote.begin(configs, before, removal, NO_BODY);
    current = note;
    ApplyResult result = applier.remove(stack, listener);
    note.end(r -> r.ended(result.error(), clock.instant(), done(result), List.of(), List.of()));
    return with(result, List.of(), note.warnings());
  }

  /**
   * Drops all revisions of a stack.
   *
   * @return how many
   */
  public int forget(String stack) {
    List<KeptRevision> kept = configs.of(stack);
    kept.forEach(configs::remove);
    return kept.size();
  }

  private Outcome deploy(StackBody body, List<KeptRevision> before, ApplyListener listener) {
    Revision begun =
        NewRevisions.begun(
            body.stack(), next(before), "", by, clock.instant(), body, false, body.serviceNames());
    RevisionNote note = RevisionNote.begin(configs, before, begun, PackedBody.pack(plain(body)));
    current = note;
    Contention contention = new Contention(note, clock);
    Recorder recorder = new Recorder(listener, contention);
    ApplyResult result;
    try {
      result =
          contention.settle(
              () -> apply(body, recorder),
              () -> !applier.differing(body.stack(), body.objects()).isEmpty());
    } catch (StackException | OvertakenException e) {
      note.end(r -> r.ended(e.getMessage(), clock.instant(), null, List.of(), List.of()));
      ApplyResult nothing = with(new ApplyResult(List.of(), List.of()), List.of(), note.warnings());
      return new Outcome(nothing, note.number(), e.getMessage(), null);
    } catch (EngineException e) {
      note.end(r -> r.ended(e.getMessage(), clock.instant(), null, List.of(), List.of()));
      throw e;
    }
    Summary summary = Summaries.of(result.steps(), recorder.fields());
    if (result.failed()) {
      note.end(r -> r.ended(result.error(), clock.instant(), summary, List.of(), List.of()));
      return new Outcome(
          with(result, List.of(), note.warnings()), note.number(), result.error(), null);
    }
    LiveStack live = applier.live(body.stack());
    note.end(
        r ->
            r.ended(
                "",
                clock.instant(),
                summary,
                RanImages.of(body.objects(), live.services()),
                UsedFiles.of(body.objects(), live)));
    // What a newer one has just made looks like what nobody uses.
    ApplyResult removed =
        contention.overtaken()
            ? new ApplyResult(List.of(), List.of())
            : applier.removeUnused(
                body.objects(), live, Revisions.objectsInUse(records(note.kept())));
    removed.steps().forEach(listener::step);
    List<String> warnings = new ArrayList<>(note.warnings());
    warnings.addAll(removed.warnings());
    return new Outcome(with(result, removed.steps(), warnings), note.number(), "", null);
  }

  private ApplyResult apply(StackBody body, ApplyListener listener) {
    Set<String> leaving =
        body.origin().leaving().stream()
            .map(new Namespace(body.stack())::scope)
            .collect(Collectors.toSet());
    return applier.apply(body.stack(), body.objects(), body.options(), leaving, listener);
  }

  private static Summary done(ApplyResult result) {
    return Summaries.of(result.steps(), Map.of());
  }

  private static long next(List<KeptRevision> before) {
    return Revisions.newest(records(before)) + 1;
  }

  private void needs(Revision target, StackObjects objects) {
    Set<String> live =
        applier.live(target.stack()).secrets().stream()
            .map(LiveStack::nameOf)
            .collect(Collectors.toSet());
    List<String> missing = UsedFiles.missing(objects, target.files(), live);
    if (!missing.isEmpty()) {
      throw new StackException(
          ("revision %d of stack %s cannot be gone back to: of its secrets, %s is gone, and the"
                  + " content of secrets is not kept; deploy its files instead")
              .formatted(target.number(), target.stack(), String.join(", ", missing)));
    }
  }

  private static StackBody plain(StackBody body) {
    return new StackBody(
        body.stack(),
        UsedFiles.withoutSecrets(body.objects()),
        body.options().withoutCredentials(),
        body.origin());
  }

  private static StackBody bodyOrNull(List<KeptRevision> kept, Revision of) {
    return of.removal() ? null : body(kept, of);
  }

  private static StackBody body(List<KeptRevision> kept, Revision of) {
    return kept.stream()
        .filter(k -> k.revision().number() == of.number())
        .findFirst()
        .map(k -> PackedBody.unpack(k.packed()))
        .orElseThrow();
  }

  private static Revision find(String stack, List<KeptRevision> kept, long number) {
    return Revisions.find(records(kept), number)
        .orElseThrow(
            () ->
                new StackException(
                    "revision %d of stack %s is not kept; see skep stack history %s"
                        .formatted(number, stack, stack)));
  }

  private static List<Revision> records(List<KeptRevision> kept) {
    return kept.stream().map(KeptRevision::revision).toList();
  }

  private static ApplyResult with(ApplyResult result, List<Step> steps, List<String> warnings) {
    List<Step> all = new ArrayList<>(result.steps());
    all.addAll(steps);
    List<String> told = new ArrayList<>(result.warnings());
    told.addAll(warnings);
    return new ApplyResult(all, told);
  }
}
