package dev.skep.cli.cluster;

import com.exceptionfactory.jagged.FileKey;
import com.exceptionfactory.jagged.RecipientStanza;
import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.UnsupportedRecipientStanzaException;
import com.exceptionfactory.jagged.framework.crypto.CipherKey;
import com.exceptionfactory.jagged.framework.crypto.EncryptedFileKey;
import com.exceptionfactory.jagged.framework.crypto.FileKeyDecryptorFactory;
import com.exceptionfactory.jagged.framework.crypto.FileKeyEncryptorFactory;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import org.bouncycastle.crypto.generators.SCrypt;

/**
 * The passphrase recipient of an age file (age-encryption.org/v1, "The scrypt recipient type"): the
 * file's key, wrapped under a key that scrypt derives from the passphrase.
 */
final class ScryptStanza implements RecipientStanzaWriter, RecipientStanzaReader {
  /** 2^17 rounds: 128 MiB and about a second. age itself takes 2^18, and reads up to 2^22. */
  static final int WORK_FACTOR = 17;

  /** Beyond it a forged file would use up all memory before it is found out. */
  private static final int MAX_WORK_FACTOR = 20;

  private static final String TYPE = "scrypt";
  private static final byte[] SALT_LABEL =
      "age-encryption.org/v1/scrypt".getBytes(StandardCharsets.US_ASCII);
  private static final int SALT_BYTES = 16;

  private final byte[] passphrase;

  ScryptStanza(char[] passphrase) {
    this.passphrase = new String(passphrase).getBytes(StandardCharsets.UTF_8);
  }

  private static final class Stanza implements RecipientStanza {
    private final List<String> arguments;
    private final byte[] body;

    Stanza(List<String> arguments, byte[] body) {
      this.arguments = List.copyOf(arguments);
      this.body = body.clone();
    }

    @Override
    public String getType() {
      return TYPE;
    }

    @Override
    public List<String> getArguments() {
      return arguments;
    }

    @Override
    public byte[] getBody() {
      return body.clone();
    }
  }

  @Override
  public Iterable<RecipientStanza> getRecipientStanzas(FileKey key)
      throws GeneralSecurityException {
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    byte[] body =
        new FileKeyEncryptorFactory()
            .newFileKeyEncryptor()
            .getEncryptedFileKey(key, wrapKey(salt, WORK_FACTOR))
            .getEncoded();
    String encoded = Base64.getEncoder().withoutPadding().encodeToString(salt);
    return List.of(new Stanza(List.of(encoded, Integer.toString(WORK_FACTOR)), body));
  }

  @Override
  public FileKey getFileKey(Iterable<RecipientStanza> stanzas) throws GeneralSecurityException {
    Iterator<RecipientStanza> all = stanzas.iterator();
    RecipientStanza only = all.hasNext() ? all.next() : null;
    // By the format, a passphrase is the only recipient: who opens it knows who made it.
    if (only == null || all.hasNext() || !only.getType().equals(TYPE)) {
      throw new UnsupportedRecipientStanzaException("not encrypted by a passphrase");
    }
    List<String> arguments = only.getArguments();
    try {
      byte[] salt = Base64.getDecoder().decode(arguments.get(0));
      int workFactor = Integer.parseInt(arguments.get(1));
      if (arguments.size() != 2 || salt.length != SALT_BYTES) {
        throw new IllegalArgumentException("unexpected arguments");
      }
      if (workFactor < 1 || workFactor > MAX_WORK_FACTOR) {
        throw new UnsupportedRecipientStanzaException("scrypt work factor " + workFactor);
      }
      return new FileKeyDecryptorFactory()
          .newFileKeyDecryptor()
          .getFileKey(new EncryptedFileKey(only.getBody()), wrapKey(salt, workFactor));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new UnsupportedRecipientStanzaException("not a scrypt recipient of age");
    }
  }

  private CipherKey wrapKey(byte[] salt, int workFactor) {
    byte[] labelled = new byte[SALT_LABEL.length + salt.length];
    System.arraycopy(SALT_LABEL, 0, labelled, 0, SALT_LABEL.length);
    System.arraycopy(salt, 0, labelled, SALT_LABEL.length, salt.length);
    return new CipherKey(SCrypt.generate(passphrase, labelled, 1 << workFactor, 8, 1, 32));
  }
}
