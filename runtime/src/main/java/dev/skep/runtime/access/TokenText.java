package dev.skep.runtime.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tokens as text: {@code skep_NAME_} and 64 hexadecimal digits. The beginning lets programs that
 * look for secrets in repositories and logs find them; the name lets people see whose it is.
 */
public final class TokenText {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** 256 bits: out of reach of guessing, so that a hash without salt or cost is enough. */
  private static final int RANDOM_BYTES = 32;

  private static final String NAME = "[a-z0-9][a-z0-9-]{0,39}";
  private static final Pattern NAMES = Pattern.compile(NAME);
  private static final Pattern TOKEN = Pattern.compile("skep_(" + NAME + ")_[0-9a-f]{64}");

  private TokenText() {}

  /** Whether a token may have this name: up to 40 lower-case letters, digits and {@code -}. */
  public static boolean isName(String name) {
    return NAMES.matcher(name).matches();
  }

  /** A new token: to be shown once, and never kept. */
  public static String create(String name) {
    if (!isName(name)) {
      throw new IllegalArgumentException("'" + name + "' is no name of a token");
    }
    byte[] random = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(random);
    return "skep_" + name + "_" + HexFormat.of().formatHex(random);
  }

  /** The name in a token; empty for what does not look like one. */
  public static Optional<String> name(String token) {
    Matcher matcher = TOKEN.matcher(token);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** What is kept of a token: SHA-256, in lower-case hexadecimal digits. */
  public static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java run-time has SHA-256", e);
    }
  }

  /** A text without the tokens that someone put into it by mistake. */
  public static String masked(String text) {
    return TOKEN.matcher(text).replaceAll("skep_$1_***");
  }
}
