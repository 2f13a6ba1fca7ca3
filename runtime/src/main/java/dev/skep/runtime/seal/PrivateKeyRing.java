package dev.skep.runtime.seal;

import com.google.crypto.tink.HybridDecrypt;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import dev.skep.model.Sealed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The private keys that open what was sealed to their public halves: HPKE (RFC 9180) with X25519,
 * HKDF-SHA256 and AES-256-GCM. Thread-safe.
 */
public final class PrivateKeyRing {
  private static final Logger log = LoggerFactory.getLogger(PrivateKeyRing.class);
  private static final String OWNER_ONLY = "rw-------";

  /** Null: in memory only. */
  private final Path file;

  private KeysetHandle keys;

  private PrivateKeyRing(Path file, KeysetHandle keys) {
    this.file = file;
    this.keys = keys;
  }

  /** A new ring with one key, in memory only. */
  public static PrivateKeyRing create() {
    return new PrivateKeyRing(null, newKeys());
  }

  /**
   * The ring in {@code file}; if there is no such file, a new one, written with mode 0600. A file
   * that others may read is made 0600.
   *
   * @throws SealException if the file cannot be read or written
   */
  public static PrivateKeyRing loadOrCreate(Path file) {
    if (!Files.exists(file)) {
      PrivateKeyRing created = new PrivateKeyRing(file, newKeys());
      created.save(created.keys);
      return created;
    }
    narrow(file);
    return load(file);
  }

  /**
   * The ring in {@code file}.
   *
   * @throws SealException if the file cannot be read
   */
  public static PrivateKeyRing load(Path file) {
    try {
      return new PrivateKeyRing(
          file,
          TinkJsonProtoKeysetFormat.parseKeyset(
              Keysets.read(file), Keysets.CONFIG, InsecureSecretKeyAccess.get()));
    } catch (GeneralSecurityException e) {
      // Without the cause: its message may quote what it could not parse.
      throw new SealException(
          "key file " + file + " does not hold private keys: restore it from a backup");
    }
  }

  /**
   * Opens something sealed.
   *
   * @param context what it was bound to when it was sealed
   * @throws SealException if the key is not in this ring, the context differs or it was altered
   */
  public byte[] open(Sealed sealed, String context) {
    KeysetHandle current = current();
    List<String> held = new ArrayList<>();
    for (int i = 0; i < current.size(); i++) {
      held.add(Keysets.keyId(current.getAt(i)));
    }
    if (!held.contains(sealed.keyId())) {
      throw new SealException(
          "sealed to key " + sealed.keyId() + ", but this ring holds " + String.join(", ", held));
    }
    try {
      return current
          .getPrimitive(Keysets.CONFIG, HybridDecrypt.class)
          .decrypt(
              Base64.getDecoder().decode(sealed.ciphertext()),
              context.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new SealException(
          "cannot be opened with key " + sealed.keyId() + ": altered, or sealed for another use",
          e);
    }
  }

  /** The public halves; the current key is the newest. */
  public PublicKeyRing publicKeys() {
    try {
      return new PublicKeyRing(current().getPublicKeysetHandle());
    } catch (GeneralSecurityException e) {
      throw new SealException("the public keys cannot be derived", e);
    }
  }

  /**
   * Adds a key, to which all is sealed from now on; the older ones still open. Written to the file
   * that the ring came from, if any.
   */
  public synchronized void rotate() {
    KeysetHandle next;
    try {
      next =
          KeysetHandle.newBuilder(keys)
              .addEntry(
                  KeysetHandle.generateEntryFromParameters(Keysets.PARAMETERS)
                      .withRandomId()
                      .makePrimary())
              .setConfiguration(Keysets.CONFIG)
              .build();
    } catch (GeneralSecurityException e) {
      throw new SealException("no key could be added", e);
    }
    // First the file: what is sealed from now on must open after a restart.
    save(next);
    keys = next;
  }

  /** The keys in clear, as {@link #load} reads them from a file: for who keeps them elsewhere. */
  public String toJson() {
    return json(current());
  }

  private synchronized KeysetHandle current() {
    return keys;
  }

  private void save(KeysetHandle ring) {
    if (file == null) {
      return;
    }
    Keysets.write(file, json(ring), OWNER_ONLY);
  }

  private static String json(KeysetHandle ring) {
    try {
      return TinkJsonProtoKeysetFormat.serializeKeyset(
          ring, Keysets.CONFIG, InsecureSecretKeyAccess.get());
    } catch (GeneralSecurityException e) {
      throw new SealException("the private keys cannot be serialized", e);
    }
  }

  private static KeysetHandle newKeys() {
    try {
      return KeysetHandle.generateNew(Keysets.PARAMETERS, Keysets.CONFIG);
    } catch (GeneralSecurityException e) {
      throw new SealException("no key could be made", e);
    }
  }

  private static void narrow(Path file) {
    Set<PosixFilePermission> wanted =
        java.nio.file.attribute.PosixFilePermissions.fromString(OWNER_ONLY);
    try {
      if (!wanted.containsAll(Files.getPosixFilePermissions(file))) {
        Files.setPosixFilePermissions(file, wanted);
        log.atWarn().addKeyValue("file", file).log("Key file was open to others; now mode 0600");
      }
    } catch (IOException e) {
      throw new SealException("key file " + file + " cannot be given mode 0600", e);
    }
  }
}
