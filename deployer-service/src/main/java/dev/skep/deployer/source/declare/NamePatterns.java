package dev.skep.deployer.source.declare;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Names that are allowed; {@code *} stands for any characters. The names of the suite itself are
 * only meant by a pattern that begins as they do: {@code *} allows none of them.
 */
public record NamePatterns(List<String> patterns) {
  private static final Pattern SUITE = Pattern.compile("skep([-_].*)?");

  public NamePatterns {
    patterns = List.copyOf(patterns);
  }

  /** Whether a name is one of the suite's own. */
  public static boolean isSuite(String name) {
    return SUITE.matcher(name).matches();
  }

  /** Whether nothing is allowed. */
  public boolean isEmpty() {
    return patterns.isEmpty();
  }

  /** Whether a name is allowed. */
  public boolean allow(String name) {
    return patterns.stream()
        .filter(p -> !isSuite(name) || p.startsWith("skep"))
        .anyMatch(p -> matches(p, name));
  }

  private static boolean matches(String pattern, String name) {
    String regex =
        Arrays.stream(pattern.split("\\*", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return Pattern.compile(regex, Pattern.DOTALL).matcher(name).matches();
  }
}
