package dev.skep.deployer.compose;

import java.util.regex.Pattern;

/** What is written as an IP address, of either version. Nothing is looked up. */
final class IpAddress {
  private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");
  private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");
  private static final int OCTETS = 4;
  private static final int GROUPS = 8;

  private IpAddress() {}

  /** Whether it is one; one of version 6 may stand in brackets. */
  static boolean isOne(String text) {
    if (text.startsWith("[")) {
      return text.endsWith("]") && isSix(text.substring(1, text.length() - 1));
    }
    return isFour(text) || isSix(text);
  }

  private static boolean isFour(String text) {
    String[] octets = text.split("\\.", -1);
    if (octets.length != OCTETS) {
      return false;
    }
    for (String octet : octets) {
      if (!OCTET.matcher(octet).matches() || Integer.parseInt(octet) > 255) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSix(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      return groups(text, true) == GROUPS;
    }
    int before = groups(text.substring(0, gap), false);
    int after = groups(text.substring(gap + 2), true);
    return before >= 0 && after >= 0 && before + after < GROUPS;
  }

  /** How many groups of 16 bits these are, or -1; the last ones may be written as version 4. */
  private static int groups(String text, boolean last) {
    if (text.isEmpty()) {
      return 0;
    }
    String[] parts = text.split(":", -1);
    int count = parts.length;
    for (int i = 0; i < parts.length; i++) {
      if (last && i == parts.length - 1 && isFour(parts[i])) {
        count++;
      } else if (!GROUP.matcher(parts[i]).matches()) {
        return -1;
      }
    }
    return count;
  }
}
