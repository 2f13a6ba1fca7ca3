package dev.skep.deployer.source.secret;

import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.framework.armor.ArmoredEncryptingChannelFactory;
import com.exceptionfactory.jagged.framework.stream.StandardEncryptingChannelFactory;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaWriterFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/** Encrypts as age does, to identities that were made for tests alone. */
public final class TestAge {
  /** What {@code age-keygen} prints for {@link #ONE}. */
  public static final String ONE_KEY =
      "AGE-SECRET-KEY-1XNMRKTQKLQ00JTEQXG94FXZGCNXNKNCK9A45D9UST09FQ3572WVSZHTDPP";

  public static final String ONE = "age1jc0x5pf5tlsujlqqhuca426qtnagupltsdluqlgr0838e6fuzaeqzkpy44";

  public static final String TWO_KEY =
      "AGE-SECRET-KEY-1RZP85RT9XS8TZCRN0S5UVRUAA5DAK62R7A9SVXMX7U2A2M63FHDQWZCJ2W";

  public static final String TWO = "age1rnrjnpcj4gcs3lt8hmvw6amp8h6pjhrhm4en7lvv2na3gy9z44dquxqce0";

  private TestAge() {}

  public static byte[] binary(byte[] clear, String... recipients) {
    return encrypt(new StandardEncryptingChannelFactory(), clear, recipients);
  }

  public static String armored(byte[] clear, String... recipients) {
    return new String(
        encrypt(new ArmoredEncryptingChannelFactory(), clear, recipients),
        StandardCharsets.US_ASCII);
  }

  private static byte[] encrypt(
      StandardEncryptingChannelFactory factory, byte[] clear, String... recipients) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      List<RecipientStanzaWriter> writers = new ArrayList<>();
      for (String recipient : recipients) {
        writers.add(X25519RecipientStanzaWriterFactory.newRecipientStanzaWriter(recipient));
      }
      try (WritableByteChannel channel =
          factory.newEncryptingChannel(Channels.newChannel(out), writers)) {
        ByteBuffer bytes = ByteBuffer.wrap(clear);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }
}
