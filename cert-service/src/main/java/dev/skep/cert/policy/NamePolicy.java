package dev.skep.cert.policy;

import java.net.IDN;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which names can be certified, and which of them no public CA ever issues.
 *
 * @param internalSuffixes top labels, lower case and without a leading dot: a name that is one of
 *     them or ends in one goes to the internal CA, as do IP addresses and names of a single label.
 *     Empty: the ACME directory is a private one that may issue anything, and no name is held back.
 */
public record NamePolicy(List<String> internalSuffixes) {
  /**
   * What no public CA issues: the special names of RFC 6761, 6762, 7686, 8375 and 9476, ICANN's
   * {@code internal}, and {@code lan}, which many home routers hand out and nobody delegated.
   */
  public static final List<String> RESERVED =
      List.of(
          "localhost",
          "local",
          "internal",
          "home.arpa",
          "test",
          "example",
          "invalid",
          "onion",
          "alt",
          "lan");

  /** No name is held back. */
  public static final NamePolicy OPEN = new NamePolicy(List.of());

  private static final Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}");
  private static final Pattern IPV6 =
      Pattern.compile("(?=.*:.*:)[0-9a-f:]{2,39}(\\d{1,3}(\\.\\d{1,3}){3})?");

  public NamePolicy {
    internalSuffixes = List.copyOf(internalSuffixes);
  }

  /**
   * The policy for a directory at {@code host}: a host that is itself no public name (loopback, a
   * private address, a single label, a reserved suffix) is a CA of one's own, as Pebble or step-ca
   * are, and gets every name. Decided by the name alone, so that no resolver's mood changes it.
   */
  public static NamePolicy forDirectoryHost(String host) {
    NamePolicy reserved = new NamePolicy(RESERVED);
    String bare = normalize(host.replaceAll("^\\[|]$", ""));
    boolean own = isIpAddress(bare) ? isPrivateAddress(bare) : reserved.internalOnly(bare);
    return own ? OPEN : reserved;
  }

  /** Whether only the internal CA may issue {@code name}, which is normalized. */
  public boolean internalOnly(String name) {
    if (internalSuffixes.isEmpty()) {
      return false;
    }
    String bare = name.startsWith("*.") ? name.substring(2) : name;
    return isIpAddress(bare)
        || bare.indexOf('.') < 0
        || internalSuffixes.stream().anyMatch(s -> bare.equals(s) || bare.endsWith("." + s));
  }

  /**
   * Lower case, in ASCII (IDNA), no trailing dot. A name that IDNA refuses is returned in lower
   * case: {@link #problem} then says what is wrong with it.
   */
  public static String normalize(String name) {
    String bare = name.strip().toLowerCase(Locale.ROOT);
    if (bare.endsWith(".")) {
      bare = bare.substring(0, bare.length() - 1);
    }
    if (bare.chars().allMatch(c -> c < 128)) {
      return bare;
    }
    try {
      return IDN.toASCII(bare).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return bare;
    }
  }

  /** Why no certificate can be made for {@code name}, which is normalized; empty if one can. */
  public static Optional<String> problem(String name) {
    if (isIpAddress(name)) {
      return Optional.empty();
    }
    String bare = name.startsWith("*.") ? name.substring(2) : name;
    if (bare.isEmpty() || bare.length() > 253) {
      return Optional.of("a host name has 1 to 253 characters");
    }
    for (String label : bare.split("\\.", -1)) {
      if (!LABEL.matcher(label).matches()) {
        return Optional.of(
            "'"
                + label
                + "' is no label of a host name: 1 to 63 letters, digits and hyphens, none at an"
                + " end; a wildcard is one '*' as the first label");
      }
    }
    return Optional.empty();
  }

  /** Whether {@code name} is an IPv4 or IPv6 address in its usual form. */
  public static boolean isIpAddress(String name) {
    return IPV4.matcher(name).matches() || IPV6.matcher(name).matches();
  }

  private static boolean isPrivateAddress(String ip) {
    return ip.matches("(127|10)\\..*|192\\.168\\..*|169\\.254\\..*|172\\.(1[6-9]|2\\d|3[01])\\..*")
        || ip.matches("::1|f[cd][0-9a-f]{2}:.*|fe[89ab][0-9a-f]:.*");
  }
}
