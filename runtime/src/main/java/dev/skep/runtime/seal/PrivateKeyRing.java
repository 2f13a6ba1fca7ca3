package dev.skep.runtime.seal;

import dev.skep.model.Sealed;
import java.nio.file.Path;

/** The private keys that open what was sealed to their public halves. Thread-safe. */
public final class PrivateKeyRing {
  private PrivateKeyRing() {}

  /** A new ring with one key, in memory only. */
  public static PrivateKeyRing create() {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * The ring in {@code file}; if there is no such file, a new one, written with mode 0600.
   *
   * @throws SealException if the file cannot be read or written
   */
  public static PrivateKeyRing loadOrCreate(Path file) {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * The ring in {@code file}.
   *
   * @throws SealException if the file cannot be read
   */
  public static PrivateKeyRing load(Path file) {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * Opens something sealed.
   *
   * @param context what it was bound to when it was sealed
   * @throws SealException if the key is not in this ring, the context differs or it was altered
   */
  public byte[] open(Sealed sealed, String context) {
    throw new UnsupportedOperationException("not yet");
  }

  /** The public halves; the current key is the newest. */
  public PublicKeyRing publicKeys() {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * Adds a key, to which all is sealed from now on; the older ones still open. Written to the file
   * that the ring came from, if any.
   */
  public void rotate() {
    throw new UnsupportedOperationException("not yet");
  }
}
