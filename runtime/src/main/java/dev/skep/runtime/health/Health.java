package dev.skep.runtime.health;

import java.util.Map;
import java.util.TreeMap;

/**
 * How a service is.
 *
 * @param live whether its loops make progress; if not, a restart may help
 * @param ready whether its views have caught up, so that what it says can be relied upon
 * @param details what a person wants to know, by name; free of secrets
 */
public record Health(boolean live, boolean ready, Map<String, String> details) {
  public Health {
    details = Map.copyOf(details);
  }

  /** Live and ready. */
  public static Health ok() {
    return new Health(true, true, Map.of());
  }

  /** Live or not, ready or not, without details. */
  public static Health of(boolean live, boolean ready) {
    return new Health(live, ready, Map.of());
  }

  /** This with one more detail. */
  public Health with(String name, String value) {
    Map<String, String> more = new TreeMap<>(details);
    more.put(name, value);
    return new Health(live, ready, more);
  }

  /** Live if both are, ready if both are, with the details of both. */
  public Health and(Health other) {
    Map<String, String> both = new TreeMap<>(details);
    both.putAll(other.details);
    return new Health(live && other.live, ready && other.ready, both);
  }
}
