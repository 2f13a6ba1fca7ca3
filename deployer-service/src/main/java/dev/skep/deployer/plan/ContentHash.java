package dev.skep.deployer.plan;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Tells whether a content is the one that is there already. The Engine never gives a secret's
 * content back, so a label keeps a salted, slow hash of it: labels can be read by everyone who may
 * list secrets, and a plain hash of a short password would be as good as the password.
 */
public final class ContentHash {
  /** About 10 ms a secret: nothing to a deployment, much to who tries a dictionary. */
  private static final int ITERATIONS = 20_000;

  private static final int SALT_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final HexFormat HEX = HexFormat.of();

  private ContentHash() {}

  /** A new label value for a content: iterations, salt and hash. Differs each time. */
  public static String label(byte[] content) {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    return label(content, salt);
  }

  /**
   * A label value that comes out the same again, so that a plan can name the object that a
   * deployment makes. The salt is made of what comes before the object: Swarm's ids are random and
   * never used twice, so that no two objects share a salt and none can be known in advance.
   *
   * @param before the ids of the objects that it follows; if there are none, as {@link
   *     #label(byte[])}
   */
  public static String label(byte[] content, Collection<String> before) {
    if (before.isEmpty()) {
      return label(content);
    }
    byte[] ids = String.join(",", new TreeSet<>(before)).getBytes(StandardCharsets.UTF_8);
    return label(content, Arrays.copyOf(sha256(ids), SALT_BYTES));
  }

  private static String label(byte[] content, byte[] salt) {
    return ITERATIONS + "." + HEX.formatHex(salt) + "." + slow(content, salt, ITERATIONS);
  }

  /** Whether the label was made from this content. False for one that is not understood. */
  public static boolean matches(String label, byte[] content) {
    List<String> parts = List.of(label.split("\\.", -1));
    if (parts.size() != 3 || !parts.get(0).matches("[1-9][0-9]{0,6}")) {
      return false;
    }
    try {
      byte[] salt = HEX.parseHex(parts.get(1));
      byte[] expected = HEX.parseHex(parts.get(2));
      byte[] actual = HEX.parseHex(slow(content, salt, Integer.parseInt(parts.get(0))));
      return salt.length > 0 && MessageDigest.isEqual(expected, actual);
    } catch (IllegalArgumentException notHex) {
      return false;
    }
  }

  /** Eight digits that tell a rotated secret from the ones before; they come from its label. */
  public static String suffixOf(String label) {
    return label.substring(label.lastIndexOf('.') + 1).substring(0, 8);
  }

  /** Eight digits of a config's content, which is no secret. */
  public static String suffix(byte[] content) {
    return HEX.formatHex(sha256(content)).substring(0, 8);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String slow(byte[] content, byte[] salt, int iterations) {
    PBEKeySpec spec = new PBEKeySpec(HEX.formatHex(content).toCharArray(), salt, iterations, 256);
    try {
      SecretKeyFactory factory = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256");
      return HEX.formatHex(factory.generateSecret(spec).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has PBKDF2WithHmacSHA256", e);
    } finally {
      spec.clearPassword();
    }
  }
}
