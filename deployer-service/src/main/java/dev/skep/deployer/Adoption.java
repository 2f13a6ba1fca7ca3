package dev.skep.deployer;

import dev.skep.deployer.direct.KeptRevision;
import dev.skep.deployer.direct.RevisionConfigs;
import dev.skep.deployer.revision.PackedBody;
import dev.skep.deployer.revision.Revisions;
import dev.skep.deployer.state.Deployments;
import dev.skep.deployer.state.StackBody;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Deployment.Phase;
import dev.skep.model.stack.Revision;
import dev.skep.runtime.kafka.PublishException;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.kafka.Writer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the revisions that deployments without a deployer kept on the cluster: of stacks that
 * it has deployed nothing of itself, with their numbers. What was taken over is removed from the
 * cluster; a process that ends in between goes on when it is started again.
 */
final class Adoption {
  private static final Logger log = LoggerFactory.getLogger(Adoption.class);

  /** What runs for longer was broken off. */
  private static final Duration LONGEST_DEPLOYMENT = Duration.ofHours(1);

  private final RevisionConfigs configs;
  private final RevisionStore store;
  private final Writer writer;
  private final Clock clock;

  Adoption(EngineClient engine, RevisionStore store, Writer writer, Clock clock) {
    this.configs = new RevisionConfigs(engine);
    this.store = store;
    this.writer = writer;
    this.clock = clock;
  }

  /**
   * Takes over what there is.
   *
   * @return whether that is done; if not, it is to be tried again
   */
  boolean run(Collection<Deployment> deployments) {
    try {
      Map<String, List<KeptRevision>> byStack = new TreeMap<>();
      configs
          .all()
          .forEach(
              k -> byStack.computeIfAbsent(k.revision().stack(), s -> new ArrayList<>()).add(k));
      boolean done = true;
      for (Map.Entry<String, List<KeptRevision>> stack : byStack.entrySet()) {
        if (stack.getValue().stream().anyMatch(this::underWay)) {
          done = false;
        } else {
          adopt(stack.getKey(), stack.getValue(), deployments);
        }
      }
      return done;
    } catch (EngineException | PublishException e) {
      log.atWarn()
          .addKeyValue("reason", e.getMessage())
          .log("Revisions that the cluster keeps were not taken over; it is tried again");
      return false;
    }
  }

  /** As is the one by which this deployer itself is put on the cluster. */
  private boolean underWay(KeptRevision kept) {
    Revision revision = kept.revision();
    return revision.phase() == Phase.RUNNING
        && revision.at().plus(LONGEST_DEPLOYMENT).isAfter(clock.instant());
  }

  private void adopt(String stack, List<KeptRevision> kept, Collection<Deployment> deployments) {
    List<Revision> known = store.of(stack);
    boolean own = !Deployments.of(stack, deployments).isEmpty();
    int adopted = 0;
    // Newest first, so that what is left after an interruption is older than all that is known.
    for (KeptRevision one : kept) {
      Optional<Revision> same = Revisions.find(known, one.revision().number());
      boolean mine = same.isPresent() && same.get().at().equals(one.revision().at());
      boolean older = known.stream().allMatch(r -> r.number() > one.revision().number());
      if (!mine && !(older && !own)) {
        continue;
      }
      try {
        if (!mine) {
          writer.publish(writes(one));
          adopted++;
        }
      } catch (IllegalArgumentException e) {
        log.atWarn()
            .addKeyValue("stack", stack)
            .addKeyValue("revision", one.revision().number())
            .addKeyValue("reason", e.getMessage())
            .log("A revision that the cluster keeps is not as it was written; left where it is");
        continue;
      }
      configs.remove(one);
    }
    if (adopted > 0) {
      log.atInfo()
          .addKeyValue("stack", stack)
          .addKeyValue("revisions", adopted)
          .log("Revisions that the cluster kept were taken over");
    }
  }

  private List<Write<?>> writes(KeptRevision kept) {
    Revision revision = kept.revision();
    StackBody body = revision.removal() ? null : PackedBody.unpack(kept.packed());
    if (body != null && !body.stack().equals(revision.stack())) {
      throw new IllegalArgumentException("its label and its content name different stacks");
    }
    List<Write<?>> writes = new ArrayList<>();
    writes.add(
        store.put(
            revision.phase() == Phase.RUNNING
                ? revision.ended("it was broken off", clock.instant(), null, List.of(), List.of())
                : revision,
            "adopted"));
    if (body != null) {
      writes.add(store.putBody(body, revision.number(), null));
    }
    return writes;
  }
}
