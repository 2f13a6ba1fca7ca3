package dev.skep.runtime.seal;

import dev.skep.model.Sealed;
import java.nio.file.Path;

/** The public keys to which secrets are sealed. Immutable. */
public final class PublicKeyRing {
  private PublicKeyRing() {}

  /**
   * The ring in {@code file}.
   *
   * @throws SealException if the file cannot be read
   */
  public static PublicKeyRing load(Path file) {
    throw new UnsupportedOperationException("not yet");
  }

  /** Writes it to {@code file}, atomically. */
  public void save(Path file) {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * Seals to the current key.
   *
   * @param context what it is bound to: it opens only where the same is given. Not secret
   */
  public Sealed seal(byte[] plaintext, String context) {
    throw new UnsupportedOperationException("not yet");
  }

  /** The id of the key to which is sealed. */
  public String currentKeyId() {
    throw new UnsupportedOperationException("not yet");
  }
}
