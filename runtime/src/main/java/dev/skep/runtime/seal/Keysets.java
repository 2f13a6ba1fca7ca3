package dev.skep.runtime.seal;

import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HybridConfig2026;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Set;

/** What both kinds of ring share: Tink's set-up, key ids, and files. */
final class Keysets {
  static final Configuration CONFIG = HybridConfig2026.get();
  static final HpkeParameters PARAMETERS;

  static {
    try {
      PARAMETERS =
          HpkeParameters.builder()
              .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
              .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
              .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
              .setVariant(HpkeParameters.Variant.TINK)
              .build();
    } catch (GeneralSecurityException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Keysets() {}

  /** The primary key's id, as eight hexadecimal digits. */
  static String currentKeyId(KeysetHandle keys) {
    return keyId(keys.getPrimary());
  }

  static String keyId(KeysetHandle.Entry entry) {
    return HexFormat.of().toHexDigits(entry.getId());
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new SealException("there is no key file " + file, e);
    } catch (IOException e) {
      throw new SealException(
          "key file " + file + " cannot be read: make it readable for this user", e);
    }
  }

  /** Writes so that a reader sees the old file or the new one, also after a crash. */
  static void write(Path file, String content, String permissions) {
    Set<PosixFilePermission> mode = PosixFilePermissions.fromString(permissions);
    FileAttribute<?> attribute = PosixFilePermissions.asFileAttribute(mode);
    Path target = file.toAbsolutePath();
    try {
      Files.createDirectories(target.getParent());
      Path temp = Files.createTempFile(target.getParent(), ".keys-", ".tmp", attribute);
      try {
        // The umask may have taken bits away that were asked for.
        Files.setPosixFilePermissions(temp, mode);
        try (FileChannel channel = FileChannel.open(temp, StandardOpenOption.WRITE)) {
          ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
          channel.force(true);
        }
        Files.move(
            temp, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temp);
      }
    } catch (IOException e) {
      throw new SealException(
          "key file " + file + " cannot be written: make its directory writable for this user", e);
    }
  }
}
