package dev.skep.model.access;

import java.time.Instant;
import java.util.Objects;

/**
 * A token that callers of the API show, without the token itself: only its hash is kept. It has 256
 * random bits, so that nobody finds it from its hash.
 *
 * @param name unique; whom or what it was made for
 * @param hash SHA-256 of the whole token, in lower-case hexadecimal digits
 * @param createdBy who asked for it
 * @param expiresAt from then on it is worth nothing; null: never
 */
public record AccessToken(
    String name, Role role, String hash, Instant createdAt, String createdBy, Instant expiresAt) {

  public AccessToken {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(hash, "hash");
  }

  /** Whether its time is over. */
  public boolean expired(Instant now) {
    return expiresAt != null && !now.isBefore(expiresAt);
  }
}
