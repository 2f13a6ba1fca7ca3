package dev.skep.edge;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What proxies refused, by key. Thread-safe. */
public final class Refusals {
  private final Map<String, Refused> byKey = new ConcurrentHashMap<>();
  private final Map<String, Refused> view = Collections.unmodifiableMap(byKey);

  /** Takes note of these; what was refused before under the same keys is forgotten. */
  public void add(Map<String, Refused> refused) {
    byKey.putAll(refused);
  }

  /**
   * What is refused of these keys. Forgets the others: they are gone, and would otherwise be kept
   * for as long as the process lives.
   *
   * @param existing every key that there is
   * @return unmodifiable, live
   */
  public Map<String, Refused> among(Set<String> existing) {
    byKey.keySet().retainAll(existing);
    return view;
  }
}
