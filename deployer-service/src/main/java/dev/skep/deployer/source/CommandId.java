package dev.skep.deployer.source;

import dev.skep.deployer.apply.Heal;
import dev.skep.deployer.source.declare.Source;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Makes the ids of commands: the same for the same commit of the same stack with the same
 * variables, so that a process that starts anew asks for nothing twice.
 */
final class CommandId {
  /** Ids can be read by many, and variables may be short passwords. Some 30 ms for each commit. */
  private static final int ITERATIONS = 50_000;

  private CommandId() {}

  /**
   * What of the variables goes into ids; different at each commit.
   *
   * @return "" for no variables
   */
  static String variables(Source source, String commit, Map<String, String> variables) {
    if (variables.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    new TreeMap<>(variables)
        .forEach((n, v) -> text.append(n).append('=').append(v.length()).append(':').append(v));
    byte[] salt = sha256("skep.source|" + source.name() + "|" + commit);
    PBEKeySpec spec = new PBEKeySpec(text.toString().toCharArray(), salt, ITERATIONS, 256);
    try {
      return HexFormat.of()
          .formatHex(
              SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                  .generateSecret(spec)
                  .getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has PBKDF2WithHmacSHA256", e);
    } finally {
      spec.clearPassword();
    }
  }

  /**
   * A command's id.
   *
   * @param variables as {@link #variables} makes it
   * @param attempt 1, and one more after each that was refused
   */
  static String of(
      Source source, String what, String stack, String commit, String variables, int attempt) {
    String all =
        String.join(
            "|",
            source.name(),
            what,
            stack,
            commit,
            variables,
            source.layout().toString(),
            Boolean.toString(source.prune()),
            // What was asked for before there was a choice is not asked for again.
            source.resolveImage() + (source.heal() == Heal.REPORT ? "" : "|" + source.heal()),
            Integer.toString(attempt));
    return "git-" + HexFormat.of().formatHex(Arrays.copyOf(sha256(all), 16));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
