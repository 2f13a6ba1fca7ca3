package dev.skep.deployer.image.policy;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Other names of registries: what pushes to one may call it otherwise than images do.
 *
 * @param names host and port as notifications tell it, to how images name it
 */
public record HostAliases(Map<String, String> names) {
  /** None. */
  public static final HostAliases NONE = new HostAliases(Map.of());

  public HostAliases {
    names = Map.copyOf(names);
  }

  /**
   * Reads {@code TOLD=IMAGE[,TOLD=IMAGE...]}.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  public static HostAliases of(String text) {
    Map<String, String> names = new TreeMap<>();
    for (String one : text.split(",", -1)) {
      String[] pair = one.strip().split("=", -1);
      if (one.isBlank()) {
        continue;
      }
      if (pair.length != 2 || pair[0].isBlank() || pair[1].isBlank()) {
        throw new IllegalArgumentException("'%s' is not of the form TOLD=IMAGE".formatted(one));
      }
      names.put(host(pair[0]), host(pair[1]));
    }
    return new HostAliases(names);
  }

  /** How images name a registry. */
  public String inImages(String told) {
    String host = host(told);
    return names.getOrDefault(host, host);
  }

  private static String host(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }
}
