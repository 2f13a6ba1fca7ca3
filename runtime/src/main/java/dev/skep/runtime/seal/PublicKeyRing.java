package dev.skep.runtime.seal;

import com.google.crypto.tink.HybridEncrypt;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import dev.skep.model.Sealed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;

/** The public keys to which secrets are sealed. Immutable. */
public final class PublicKeyRing {
  private final KeysetHandle keys;

  PublicKeyRing(KeysetHandle keys) {
    this.keys = keys;
  }

  /**
   * The ring in {@code file}.
   *
   * @throws SealException if the file cannot be read
   */
  public static PublicKeyRing load(Path file) {
    try {
      return new PublicKeyRing(
          TinkJsonProtoKeysetFormat.parseKeysetWithoutSecret(Keysets.read(file), Keysets.CONFIG));
    } catch (GeneralSecurityException e) {
      throw new SealException(
          "key file " + file + " does not hold public keys: export them from the private ones", e);
    }
  }

  /** Writes it to {@code file}, atomically, readable by everyone. */
  public void save(Path file) {
    Keysets.write(file, toJson(), "rw-r--r--");
  }

  /** The keys as {@link #load} reads them from a file. */
  public String toJson() {
    try {
      return TinkJsonProtoKeysetFormat.serializeKeysetWithoutSecret(keys, Keysets.CONFIG);
    } catch (GeneralSecurityException e) {
      throw new SealException("the public keys cannot be serialized", e);
    }
  }

  /**
   * Seals to the current key.
   *
   * @param context what it is bound to: it opens only where the same is given. Not secret
   */
  public Sealed seal(byte[] plaintext, String context) {
    try {
      byte[] sealed =
          keys.getPrimitive(Keysets.CONFIG, HybridEncrypt.class)
              .encrypt(plaintext, context.getBytes(StandardCharsets.UTF_8));
      return new Sealed(currentKeyId(), Base64.getEncoder().encodeToString(sealed));
    } catch (GeneralSecurityException e) {
      throw new SealException("could not be sealed to key " + currentKeyId(), e);
    }
  }

  /** The id of the key to which is sealed. */
  public String currentKeyId() {
    return Keysets.currentKeyId(keys);
  }
}
