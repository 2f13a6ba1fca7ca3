package dev.skep.deployer;

import dev.skep.deployer.state.StackLedger;
import dev.skep.model.Codecs;
import dev.skep.model.Condition;
import dev.skep.model.stack.Stack;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.kafka.Writer;
import java.util.List;

/** Publishes what was observed of stacks. Thread-safe. */
final class StackConditions {
  private final StackLedger ledger;
  private final Writer writer;

  StackConditions(StackLedger ledger, Writer writer) {
    this.ledger = ledger;
    this.writer = writer;
  }

  /** Publishes a condition if it says something new, and no other revision is desired by now. */
  void set(Stack stack, Condition condition) {
    boolean said =
        stack.conditions().stream()
            .anyMatch(
                c ->
                    c.type().equals(condition.type())
                        && c.status() == condition.status()
                        && c.message().equals(condition.message()));
    if (!said) {
      ledger.observe(
          stack.name(),
          stack.revision(),
          now -> observed(now, now.observedRevision(), condition),
          next -> writer.publish(List.of(put(stack.name(), next))));
    }
  }

  static Stack observed(Stack stack, long observedRevision, Condition condition) {
    return new Stack(
        stack.name(),
        stack.revision(),
        observedRevision,
        stack.services(),
        stack.body(),
        stack.removed(),
        stack.since(),
        Condition.with(stack.conditions(), condition));
  }

  /** The record of a stack; null: it is gone. */
  static Write<?> put(String name, Stack stack) {
    return stack == null
        ? Write.delete(Topics.STACKS, Codecs.STACKS, name)
        : Write.put(Topics.STACKS, Codecs.STACKS, name, stack, "observed", null);
  }
}
