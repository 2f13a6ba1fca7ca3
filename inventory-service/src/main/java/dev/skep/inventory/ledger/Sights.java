package dev.skep.inventory.ledger;

import dev.skep.model.cluster.Observation;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What agents saw of tasks, each of its own node's: what another node's agent says of a task is
 * kept apart, so that it can never change it.
 */
final class Sights {
  private record Key(String nodeId, String taskId) {}

  /** Observations that are ahead of the Engine's tasks wait here, the oldest go first. */
  static final int MAX_WAITING = 10_000;

  private final Map<Key, Sight> known = new HashMap<>();
  private final Map<Key, Sight> waiting = new LinkedHashMap<>();

  /** What the agent of {@code nodeId} saw of the task; null for nothing, or if there is no node. */
  Sight of(String nodeId, String taskId) {
    return nodeId == null ? null : known.get(new Key(nodeId, taskId));
  }

  /** Notes an observation of a task that is on the observer's node; returns whether it is news. */
  boolean note(Observation seen) {
    Key key = new Key(seen.nodeId(), seen.taskId());
    Sight before = known.get(key);
    Sight after = Sight.next(before, seen);
    if (after == null || after.equals(before)) {
      return false;
    }
    known.put(key, after);
    return true;
  }

  /** Keeps an observation until the Engine says whether the task is on the observer's node. */
  void hold(Observation seen) {
    Key key = new Key(seen.nodeId(), seen.taskId());
    Sight after = Sight.next(waiting.remove(key), seen);
    if (after == null) {
      return;
    }
    waiting.put(key, after);
    if (waiting.size() > MAX_WAITING) {
      Iterator<Key> oldest = waiting.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  /** The Engine has placed the task: what was held of it counts from now on. */
  void placed(String nodeId, String taskId) {
    Key key = new Key(nodeId, taskId);
    Sight held = waiting.remove(key);
    if (held != null) {
      known.putIfAbsent(key, held);
    }
  }

  void forget(String nodeId, String taskId) {
    known.remove(new Key(nodeId, taskId));
  }
}
