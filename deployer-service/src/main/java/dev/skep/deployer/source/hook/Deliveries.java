package dev.skep.deployer.source.hook;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers the last deliveries of each source, so that a request that is sent again does nothing.
 * In memory only: a webhook is no more than a hint, and after a restart every source is read
 * anyway. Thread-safe.
 */
public final class Deliveries {
  private static final int MOST = 500;

  private final Map<String, Map<String, Boolean>> seen = new LinkedHashMap<>();

  /**
   * Whether a delivery is new; it no longer is afterwards.
   *
   * @param source a declared one: there is a bounded number of them
   */
  public synchronized boolean first(String source, String delivery) {
    Map<String, Boolean> own =
        seen.computeIfAbsent(
            source,
            s ->
                new LinkedHashMap<>() {
                  private static final long serialVersionUID = 1L;

                  @Override
                  protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                    return size() > MOST;
                  }
                });
    return own.put(delivery, true) == null;
  }
}
