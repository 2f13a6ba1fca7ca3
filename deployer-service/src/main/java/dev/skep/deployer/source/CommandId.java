package dev.skep.deployer.source;

import dev.skep.deployer.apply.Heal;
import dev.skep.deployer.source.declare.Source;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Makes the ids of commands: the same for the same commit of the same stack with the same variables
 * after the same deployment, so that a process that starts anew asks for nothing twice, and what
 * was deployed before something else can be asked for again.
 */
final class CommandId {
  /** Ids can be read by many, and variables may be short passwords. Some 30 ms for each commit. */
  private static final int ITERATIONS = 50_000;

  /** Going back after a failure has an id of its own, which does not look like this. */
  private static final Pattern MADE = Pattern.compile("(git-[0-9a-f]{32})(?:-[1-9][0-9]*)?");

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
   * What is asked for; by itself the id of the first command of a source for a stack.
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

  /**
   * The id of the command that asks for something.
   *
   * @param asked as {@link #of} makes it
   * @param revision the newest that the source has deployed of the stack; 0 for none
   */
  static String after(String asked, long revision) {
    return revision == 0 ? asked : asked + "-" + revision;
  }

  /**
   * What a command asked for, as {@link #of} makes it; the id itself tells it, since the deployment
   * after which it was asked for may be forgotten. Empty if the id was not made here.
   */
  static Optional<String> asked(String command) {
    Matcher made = MADE.matcher(command);
    return made.matches() ? Optional.of(made.group(1)) : Optional.empty();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
