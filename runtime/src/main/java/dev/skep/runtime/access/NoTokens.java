package dev.skep.runtime.access;

import dev.skep.model.access.AccessToken;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/** No named tokens. */
record NoTokens(boolean ready) implements TokenSource {
  @Override
  public Map<String, AccessToken> all() {
    return Map.of();
  }

  @Override
  public boolean await(Predicate<Map<String, AccessToken>> so, Duration limit) {
    return so.test(all());
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
