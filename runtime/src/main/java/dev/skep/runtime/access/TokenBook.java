package dev.skep.runtime.access;

import dev.skep.model.access.AccessToken;
import dev.skep.model.access.Role;
import dev.skep.runtime.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Optional;

/**
 * Knows whose a token is.
 *
 * <p>The root token comes from the process's configuration and opens everything, with or without a
 * broker: it is how the first named token is made, and how people get in when all else fails. Named
 * tokens come from their topic. Thread-safe; never blocks.
 */
public final class TokenBook {
  /** The root token's name; no other may have it. */
  public static final String ROOT = "root";

  /** Compared with when there is no token of a name, so that this takes as long. */
  private static final String NO_HASH = "0".repeat(64);

  private final Secret root;
  private final TokenSource source;
  private final Clock clock;

  /** What became of a look-up. */
  public sealed interface Answer {
    /**
     * It is this one's.
     *
     * @param hash of the token; "" for the root token
     */
    record Known(String name, Role role, String hash) implements Answer {}

    /** It is nobody's: wrong, revoked or expired. */
    record Unknown() implements Answer {}

    /** It may be somebody's: the tokens have not been read yet. */
    record NotRead() implements Answer {}
  }

  /**
   * A book.
   *
   * @param root empty: there is none
   */
  public TokenBook(Secret root, TokenSource source, Clock clock) {
    this.root = root;
    this.source = source;
    this.clock = clock;
  }

  /** Whose a token is; null is nobody's. */
  public Answer check(String shown) {
    if (shown == null || shown.isEmpty()) {
      return new Answer.Unknown();
    }
    if (root.matches(shown)) {
      return new Answer.Known(ROOT, Role.ADMIN, "");
    }
    Optional<String> name = TokenText.name(shown);
    if (name.isEmpty()) {
      return new Answer.Unknown();
    }
    // What has been read so far may have been revoked by what has not.
    if (!source.ready()) {
      return new Answer.NotRead();
    }
    String hash = TokenText.hash(shown);
    AccessToken token = source.all().get(name.get());
    boolean same = same(hash, token == null ? NO_HASH : token.hash());
    return token != null && same && !token.expired(clock.instant())
        ? new Answer.Known(token.name(), token.role(), hash)
        : new Answer.Unknown();
  }

  /** Whether what was known is so still: neither revoked nor expired. */
  public boolean holds(Answer.Known known) {
    if (known.hash().isEmpty()) {
      return known.name().equals(ROOT);
    }
    AccessToken token = source.all().get(known.name());
    return token != null && same(known.hash(), token.hash()) && !token.expired(clock.instant());
  }

  /** The named tokens themselves. */
  public TokenSource named() {
    return source;
  }

  private static boolean same(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }
}
