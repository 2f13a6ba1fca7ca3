package dev.skep.edgeconfig;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Services that wait for their turn, in the order in which they were marked. A run takes all of
 * them into its one transaction: under load, the wait for the broker is shared, not queued for.
 */
final class DirtyServices {
  private final Map<String, Optional<String>> causes = new LinkedHashMap<>();

  /**
   * Adds a service, or keeps its place.
   *
   * @param correlationId what caused it; may be null
   */
  synchronized void add(String serviceId, String correlationId) {
    causes.merge(
        serviceId, Optional.ofNullable(correlationId), (old, now) -> now.isPresent() ? now : old);
  }

  /**
   * Takes the first {@code most} services out, {@code key} with them in any case.
   *
   * @return to what caused them, in order
   */
  synchronized Map<String, Optional<String>> take(String key, int most) {
    Map<String, Optional<String>> batch = new LinkedHashMap<>();
    Iterator<Map.Entry<String, Optional<String>>> all = causes.entrySet().iterator();
    while (all.hasNext() && batch.size() < most) {
      Map.Entry<String, Optional<String>> next = all.next();
      batch.put(next.getKey(), next.getValue());
      all.remove();
    }
    if (!batch.containsKey(key)) {
      Optional<String> cause = causes.remove(key);
      batch.put(key, cause == null ? Optional.empty() : cause);
    }
    return batch;
  }

  /** Puts a batch back, before whatever came meanwhile. */
  synchronized void putBack(Map<String, Optional<String>> batch) {
    Map<String, Optional<String>> later = new LinkedHashMap<>(causes);
    causes.clear();
    causes.putAll(batch);
    later.forEach((id, cause) -> add(id, cause.orElse(null)));
  }
}
