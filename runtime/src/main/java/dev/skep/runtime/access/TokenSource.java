package dev.skep.runtime.access;

import dev.skep.model.access.AccessToken;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/** The named tokens that there are. Thread-safe. */
public interface TokenSource extends AutoCloseable {
  /**
   * Whether all were read: before, one that is missing may be there, and one that is may be gone.
   */
  boolean ready();

  /** By name; may be live. */
  Map<String, AccessToken> all();

  /**
   * Waits until the tokens are so; blocks.
   *
   * @return false if they were not in time, or the thread was interrupted (the flag is then set)
   */
  boolean await(Predicate<Map<String, AccessToken>> so, Duration limit);

  @Override
  void close();

  /** None, and not knowing whether there are any: before there is a broker. */
  static TokenSource unread() {
    return new NoTokens(false);
  }

  /** None, for ever. */
  static TokenSource none() {
    return new NoTokens(true);
  }
}
