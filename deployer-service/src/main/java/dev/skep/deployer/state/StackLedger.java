package dev.skep.deployer.state;

import dev.skep.model.stack.Stack;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The newest known state of each stack, for its two writers: commands change what is desired, the
 * reconciler what was observed, and the topic's view lags behind both. Without it, one would write
 * over what the other has just written. Thread-safe.
 */
public final class StackLedger {
  /**
   * @param base what the fold began with
   * @param result what it wrote, which may not be committed yet
   */
  private record Fold(String command, Stack base, Stack result) {}

  private final Map<String, Stack> known = new HashMap<>();
  private final Map<String, Fold> folds = new HashMap<>();

  /** The topic's view has applied a record; null for a tombstone. */
  public synchronized void applied(String name, Stack stack) {
    Fold fold = folds.get(name);
    if (stack == null) {
      known.remove(name);
      return;
    }
    Stack mine = known.get(name);
    // The view lags behind what was published from here.
    boolean older =
        mine != null
            && (stack.revision() < mine.revision()
                || (stack.revision() == mine.revision()
                    && stack.observedRevision() < mine.observedRevision()));
    if (!older) {
      known.put(name, stack);
    }
    if (fold != null && stack.revision() >= fold.result().revision()) {
      folds.remove(name);
    }
  }

  /**
   * A command's change. The same command may come again if its transaction failed: it then begins
   * from where it began before.
   *
   * @param change from the newest state, null if there is none, to the next
   */
  public synchronized Stack fold(String command, String name, Function<Stack, Stack> change) {
    Fold last = folds.get(name);
    Stack base = last == null ? known.get(name) : last.result();
    if (last != null && last.command().equals(command)) {
      base = last.base();
    }
    Stack result = change.apply(base);
    folds.put(name, new Fold(command, base, result));
    return result;
  }

  /**
   * The newest revision that is desired, but for what this command itself asked for; 0 for none.
   */
  public synchronized long newest(String command, String name) {
    return current(command, name).map(Stack::revision).orElse(0L);
  }

  /** What is desired, but for what this command itself asked for. */
  public synchronized Optional<Stack> current(String command, String name) {
    Fold last = folds.get(name);
    Stack base = last == null ? known.get(name) : last.result();
    if (last != null && last.command().equals(command)) {
      base = last.base();
    }
    return Optional.ofNullable(base);
  }

  /** The command was put aside: what it wrote was never committed. */
  public synchronized void forget(String command) {
    folds.values().removeIf(f -> f.command().equals(command));
  }

  /**
   * The reconciler's change, unless another revision is desired by now: then that one's run will
   * tell.
   *
   * @param change null: the stack is gone
   * @param publish writes it; while it does, no command is folded. If it throws, nothing changed
   * @return whether it was published
   */
  public synchronized boolean observe(
      String name, long revision, UnaryOperator<Stack> change, Consumer<Stack> publish) {
    Stack current = known.get(name);
    if (current == null || current.revision() != revision || folds.containsKey(name)) {
      return false;
    }
    Stack next = change.apply(current);
    publish.accept(next);
    if (next == null) {
      known.remove(name);
    } else {
      known.put(name, next);
    }
    return true;
  }
}
