package dev.skep.deployer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.direct.KeptRevision;
import dev.skep.deployer.heal.PastHeal;
import dev.skep.deployer.revision.PackedBody;
import dev.skep.deployer.revision.Repeat;
import dev.skep.deployer.state.StackBody;
import dev.skep.model.Sealed;
import dev.skep.model.command.Command;
import dev.skep.model.stack.Revision;
import dev.skep.model.stack.Stack;
import dev.skep.runtime.seal.PublicKeyRing;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks for restorations, by commands as everybody else: each is refused if anything else is desired
 * by the time that it is folded, so that no deployment is ever undone by one. Thread-safe.
 */
final class HealCommands {
  private final CommandSender sender;
  private final PublicKeyRing key;

  /** By stack. */
  private final Map<String, Sent> sent = new ConcurrentHashMap<>();

  private record Sent(long revision, String id, Instant until) {}

  HealCommands(CommandSender sender, PublicKeyRing key) {
    this.sender = sender;
    this.key = key;
  }

  /** Whether one was asked for that may still be taken up. */
  boolean pending(Stack stack) {
    Sent last = sent.get(stack.name());
    return last != null
        && last.revision() == stack.revision()
        && sender.pending(last.id(), last.until());
  }

  /** Asks for a stack's desired revision again. */
  void restore(Stack stack, StackBody body, ObjectNode about) {
    String id = PastHeal.COMMAND + UUID.randomUUID();
    send(id, stack, PastHeal.BY, about, seal(id, body));
  }

  /**
   * Asks for what was deployed straight to the Engine to be what is desired.
   *
   * @throws IllegalArgumentException if it is not as it was written
   */
  void takeOver(Stack stack, KeptRevision kept) {
    String id = "adopt-" + UUID.randomUUID();
    boolean removal = kept.revision().removal();
    ObjectNode about =
        PastHeal.about(stack.name(), stack.revision())
            .put(StackFolder.REMOVAL, removal)
            .put(PastHeal.TAKEN_OVER, kept.id());
    Sealed sealed = null;
    if (!removal) {
      StackBody body = PackedBody.unpack(kept.packed());
      if (!body.stack().equals(stack.name())) {
        throw new IllegalArgumentException("its label and its content name different stacks");
      }
      sealed = seal(id, Repeat.over(kept.revision(), body));
    }
    send(id, stack, PastHeal.DIRECT + kept.revision().by(), about, sealed);
  }

  /** Whether a revision is what became of one that was kept on the cluster. */
  static boolean tookOver(Revision revision, KeptRevision kept) {
    return kept.id().equals(revision.options().get(PastHeal.TAKEN_OVER));
  }

  void forget(String stack) {
    sent.remove(stack);
  }

  private Sealed seal(String id, StackBody body) {
    return key.seal(body.toBytes(), Command.sealingContext(StackFolder.TARGET, id));
  }

  private void send(String id, Stack stack, String by, ObjectNode about, Sealed sealed) {
    Instant until = sender.send(id, StackFolder.HEAL, by, about, sealed);
    sent.put(stack.name(), new Sent(stack.revision(), id, until));
  }
}
