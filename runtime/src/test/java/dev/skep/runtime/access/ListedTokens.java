package dev.skep.runtime.access;

import dev.skep.model.access.AccessToken;
import dev.skep.model.access.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Tokens that a test gives and takes away, in place of a topic. */
public final class ListedTokens implements TokenSource {
  private final Map<String, AccessToken> tokens = new ConcurrentHashMap<>();
  private volatile boolean ready = true;

  /** Adds one and gives its text. */
  public String add(String name, Role role, Instant expiresAt) {
    String text = TokenText.create(name);
    tokens.put(
        name, new AccessToken(name, role, TokenText.hash(text), Instant.EPOCH, "root", expiresAt));
    return text;
  }

  /** Takes one away. */
  public void revoke(String name) {
    tokens.remove(name);
  }

  /** Says whether all were read. */
  public void ready(boolean now) {
    ready = now;
  }

  @Override
  public boolean ready() {
    return ready;
  }

  @Override
  public Map<String, AccessToken> all() {
    return tokens;
  }

  @Override
  public boolean await(Predicate<Map<String, AccessToken>> so, Duration limit) {
    return so.test(tokens);
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
