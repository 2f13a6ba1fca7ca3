package dev.skep.edgeconfig.labels;

import java.util.Locale;
import java.util.regex.Pattern;

/** Names of routers, load balancers, middlewares and resolvers: they become names in proxies. */
public final class Names {
  static final Pattern VALID = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,127}");
  private static final Pattern NOT_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

  private Names() {}

  static void check(Section s, String what) {
    if (!VALID.matcher(s.name).matches()) {
      s.problem(
          Reason.INVALID_NAME,
          what
              + " name "
              + Quoted.of(s.name)
              + ": names have up to 128 letters, digits, - and _, and do not start with -");
    }
  }

  /** Traefik's own: letters and digits stay, each run of anything else becomes one hyphen. */
  public static String normalize(String name) {
    String words = NOT_WORD.matcher(name).replaceAll("-");
    int start = words.startsWith("-") ? 1 : 0;
    int end = words.endsWith("-") && words.length() > start ? words.length() - 1 : words.length();
    return words.substring(start, end);
  }

  /** The name as it may stand in a record's key: what is not valid becomes a hyphen. */
  public static String keyPart(String name) {
    String safe = name.replaceAll("[^A-Za-z0-9_.-]", "-");
    return safe.isEmpty() ? "-" : safe.substring(0, Math.min(safe.length(), 128));
  }

  /** The host that Traefik's default rule gives to a service without a rule. */
  public static String defaultHost(String service) {
    return normalize(service).toLowerCase(Locale.ROOT);
  }
}
