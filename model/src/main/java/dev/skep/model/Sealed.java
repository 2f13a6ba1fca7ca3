package dev.skep.model;

/**
 * A secret, readable only by the holder of a private key.
 *
 * @param keyId which key; lets keys be rotated
 * @param ciphertext base64
 */
public record Sealed(String keyId, String ciphertext) {
  /** Says no more than the key's id. */
  @Override
  public String toString() {
    return "Sealed[keyId=" + keyId + "]";
  }
}
