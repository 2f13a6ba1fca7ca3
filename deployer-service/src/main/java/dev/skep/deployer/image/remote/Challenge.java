package dev.skep.deployer.image.remote;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a registry asks for before it tells: the header {@code WWW-Authenticate}.
 *
 * @param scheme basic or bearer, in small letters
 * @param parameters realm, service, scope
 */
record Challenge(String scheme, Map<String, String> parameters) {
  private static final Pattern PARAMETER =
      Pattern.compile("([A-Za-z]+)=(?:\"([^\"]*)\"|([^\\s,\"]+))");

  Challenge {
    parameters = Map.copyOf(parameters);
  }

  /** The first one that can be answered. */
  static Optional<Challenge> of(List<String> headers) {
    return headers.stream()
        .map(Challenge::of)
        .filter(c -> c.scheme().equals("bearer") || c.scheme().equals("basic"))
        .findFirst();
  }

  private static Challenge of(String header) {
    String[] words = header.strip().split("\\s+", 2);
    Map<String, String> parameters = new TreeMap<>();
    if (words.length > 1) {
      Matcher m = PARAMETER.matcher(words[1]);
      while (m.find()) {
        String value = m.group(2) == null ? m.group(3) : m.group(2);
        parameters.putIfAbsent(m.group(1).toLowerCase(Locale.ROOT), value);
      }
    }
    return new Challenge(words[0].toLowerCase(Locale.ROOT), parameters);
  }

  String get(String parameter) {
    return parameters.getOrDefault(parameter, "");
  }
}
