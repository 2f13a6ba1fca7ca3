package dev.skep.deployer.source.secret;

import com.exceptionfactory.jagged.UnsupportedRecipientStanzaException;
import com.exceptionfactory.jagged.framework.armor.ArmoredDecryptingChannelFactory;
import com.exceptionfactory.jagged.framework.stream.StandardDecryptingChannelFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/** A file in the format of age (age-encryption.org/v1), binary or armored. */
final class AgeFile {
  private static final byte[] BINARY = "age-encryption.org/".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ARMORED =
      "-----BEGIN AGE ENCRYPTED FILE-----".getBytes(StandardCharsets.US_ASCII);

  private AgeFile() {}

  /** Why one was not opened. */
  static final class NotOpened extends Exception {
    private static final long serialVersionUID = 1L;

    NotOpened(String message) {
      super(message);
    }
  }

  /** Whether this looks like one, whole or not. */
  static boolean is(byte[] content) {
    return startsWith(content, BINARY) || armored(content);
  }

  private static boolean armored(byte[] content) {
    return startsWith(stripped(content), ARMORED);
  }

  /** Without the white space in front that an armored file may have. */
  private static byte[] stripped(byte[] content) {
    int from = 0;
    while (from < content.length && Character.isWhitespace(content[from])) {
      from++;
    }
    return from == 0 ? content : Arrays.copyOfRange(content, from, content.length);
  }

  private static boolean startsWith(byte[] content, byte[] begin) {
    return content.length >= begin.length
        && Arrays.equals(content, 0, begin.length, begin, 0, begin.length);
  }

  /**
   * Its content.
   *
   * @param limit how many bytes are read at most; one more tells that there are more
   * @throws NotOpened with a reason that fits after the file's name
   */
  static byte[] open(byte[] content, Identities identities, long limit) throws NotOpened {
    boolean armored = armored(content);
    StandardDecryptingChannelFactory factory =
        armored ? new ArmoredDecryptingChannelFactory() : new StandardDecryptingChannelFactory();
    byte[] encrypted = armored ? stripped(content) : content;
    try (ReadableByteChannel in = Channels.newChannel(new ByteArrayInputStream(encrypted));
        ReadableByteChannel clear = factory.newDecryptingChannel(in, identities.readers())) {
      return Channels.newInputStream(clear).readNBytes((int) Math.min(limit + 1, 1 << 30));
    } catch (UnsupportedRecipientStanzaException e) {
      throw new NotOpened(
          "is not encrypted to an identity of this source's 'ageKeyFile'; encrypt it to %s, too"
              .formatted(String.join(" or ", identities.recipients())));
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      // Without the cause: what is in the file stays there.
      throw new NotOpened("is damaged, or not a file of age; encrypt it anew");
    }
  }
}
