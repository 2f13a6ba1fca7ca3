package dev.skep.cli.cluster;

import com.exceptionfactory.jagged.framework.stream.StandardDecryptingChannelFactory;
import com.exceptionfactory.jagged.framework.stream.StandardEncryptingChannelFactory;
import dev.skep.cli.CliException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.List;

/**
 * The file that holds what cannot be made again, encrypted by a passphrase in the age format:
 * {@code age -d} opens it too, should there be no Skep at hand.
 */
final class RecoveryKit {
  /** Shorter ones are guessed. */
  static final int SHORTEST_PASSPHRASE = 12;

  private RecoveryKit() {}

  /** The passphrase is wrong, or the file is no kit or was altered. */
  static final class NotOpened extends Exception {
    private static final long serialVersionUID = 1L;

    NotOpened(String message) {
      super(message);
    }
  }

  /**
   * Writes the kit, mode 0600, so that it is on disk, whole, when this returns.
   *
   * @throws CliException if it cannot be written
   */
  static void write(Path file, Material material, char[] passphrase) {
    try {
      byte[] encrypted = encrypt(material.toJson(), passphrase);
      Path target = file.toAbsolutePath();
      Path temp =
          Files.createTempFile(
              target.getParent(),
              ".skep-recovery",
              ".tmp",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try (FileChannel channel = FileChannel.open(temp, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(encrypted);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
        Files.move(temp, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temp);
      }
    } catch (IOException e) {
      throw new CliException("cannot write the recovery kit " + file + ": " + e);
    }
  }

  /**
   * Opens a kit.
   *
   * @throws NotOpened if this passphrase does not open it
   * @throws CliException if it cannot be read
   */
  static Material open(Path file, char[] passphrase) throws NotOpened {
    byte[] encrypted;
    try {
      encrypted = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new CliException("there is no recovery kit " + file);
    } catch (IOException e) {
      throw new CliException("cannot read the recovery kit " + file + ": " + e);
    }
    return Material.fromJson(decrypt(file, encrypted, passphrase));
  }

  private static byte[] encrypt(byte[] content, char[] passphrase) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (WritableByteChannel channel =
        new StandardEncryptingChannelFactory()
            .newEncryptingChannel(
                Channels.newChannel(out), List.of(new ScryptStanza(passphrase)))) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the recovery kit cannot be encrypted", e);
    }
    return out.toByteArray();
  }

  private static byte[] decrypt(Path file, byte[] encrypted, char[] passphrase) throws NotOpened {
    try (ReadableByteChannel channel =
        new StandardDecryptingChannelFactory()
            .newDecryptingChannel(
                Channels.newChannel(new ByteArrayInputStream(encrypted)),
                List.of(new ScryptStanza(passphrase)))) {
      return Channels.newInputStream(channel).readAllBytes();
    } catch (GeneralSecurityException | IOException e) {
      throw new NotOpened(
          "the passphrase does not open " + file + ", or the file is no recovery kit");
    }
  }
}
