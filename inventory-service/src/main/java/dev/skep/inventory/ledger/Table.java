package dev.skep.inventory.ledger;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * One kind of object: what the Engine says, what was published, and which keys may differ. Its cost
 * grows with the keys that were touched, not with those that there are.
 *
 * @param <T> the record
 */
final class Table<T> {
  private final Function<T, T> effective;
  private final Map<String, T> engine = new HashMap<>();
  private final Map<String, Long> touched = new HashMap<>();
  private final Map<String, T> published;
  private final Map<String, String> dirty = new LinkedHashMap<>();

  /**
   * @param published what the topic holds
   * @param effective what is to be published of the Engine's word
   */
  Table(Map<String, T> published, Function<T, T> effective) {
    this.published = new HashMap<>(published);
    this.effective = effective;
  }

  T get(String key) {
    return engine.get(key);
  }

  Collection<String> keys() {
    return engine.keySet();
  }

  int size() {
    return engine.size();
  }

  /**
   * The Engine's word on one key.
   *
   * @param value null if it is gone
   * @param read when it was read, by the ledger's count; older than what is known changes nothing
   * @return whether anything changed
   */
  boolean put(String key, T value, long read, String cause) {
    if (touched.getOrDefault(key, -1L) > read) {
      return false;
    }
    T before = value == null ? engine.remove(key) : engine.put(key, value);
    if (Objects.equals(before, value)) {
      return false;
    }
    touched.put(key, read);
    mark(key, cause);
    return true;
  }

  /** Forgets when keys changed: no reading is under way that could be older. */
  void forgetTouches() {
    touched.clear();
  }

  /** What is published of this key may have to change. */
  void mark(String key, String cause) {
    dirty.putIfAbsent(key, cause);
  }

  /** Marks what was published and the Engine does not know: a restart's leftovers. */
  void markUnknown(String cause) {
    for (String key : published.keySet()) {
      if (!engine.containsKey(key)) {
        mark(key, cause);
      }
    }
  }

  boolean hasChanges() {
    return !dirty.isEmpty();
  }

  /** What is to be published of the key; null for nothing. */
  T effective(String key) {
    T value = engine.get(key);
    return value == null ? null : effective.apply(value);
  }

  /** Passes on each marked key whose value differs from what is published: null for none. */
  void changes(TriConsumer<T> to) {
    dirty.forEach(
        (key, cause) -> {
          T now = effective(key);
          T last = published.get(key);
          if (now == null ? last != null : !now.equals(last)) {
            to.accept(key, last, now, cause);
          }
        });
  }

  /** The changes have been published: nothing is marked any more. */
  void confirm() {
    for (String key : dirty.keySet()) {
      T now = effective(key);
      if (now == null) {
        published.remove(key);
      } else {
        published.put(key, now);
      }
    }
    dirty.clear();
  }

  /** A key, its value before and after (null: none), and what caused the change. */
  interface TriConsumer<T> {
    void accept(String key, T before, T after, String cause);
  }
}
