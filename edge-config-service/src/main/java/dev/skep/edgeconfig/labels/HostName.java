package dev.skep.edgeconfig.labels;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/** Host names as they may stand in rules and certificates. */
final class HostName {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final int MAX = 253;

  private HostName() {}

  /**
   * The name in lower case, as A-labels (IDNA 2003), without a trailing dot.
   *
   * @throws LabelException naming what is wrong with it
   */
  static String of(String text) throws LabelException {
    if (text.contains("*")) {
      throw new LabelException(
          Reason.UNSUPPORTED_WILDCARD,
          "host "
              + Quoted.of(text)
              + " has a wildcard, which is not supported: name every host, as in"
              + " Host(`a.example.org`) || Host(`b.example.org`)");
    }
    return ascii(text);
  }

  /** Like {@link #of}, but the first label may be {@code *}: for certificates. */
  static String certificateName(String text) throws LabelException {
    return text.startsWith("*.") ? "*." + ascii(text.substring(2)) : ascii(text);
  }

  private static String ascii(String text) throws LabelException {
    if (text.isEmpty()) {
      throw invalid(text, "is empty");
    }
    if (text.indexOf(':') >= 0) {
      throw invalid(text, "has a colon: leave the port away, and name IPv6 hosts by a DNS name");
    }
    // Said before IDN would: its own word on these is not one that helps.
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c == '"' || c == '\'' || c == '`' || c == '\\' || c == 0x7F) {
        throw invalid(text, "has a quote, a space or a control character");
      }
    }
    String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    String ascii;
    try {
      ascii = IDN.toASCII(name, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      throw invalid(text, "is not a valid name: letters, digits and hyphens between dots");
    }
    if (ascii.length() > MAX) {
      throw invalid(text, "is longer than 253 characters");
    }
    for (String label : ascii.split("\\.", -1)) {
      if (!LABEL.matcher(label).matches()) {
        throw invalid(
            text,
            "is not a valid name: between dots 1 to 63 letters, digits and hyphens, no hyphen at"
                + " either end");
      }
    }
    return ascii;
  }

  private static LabelException invalid(String text, String what) {
    return new LabelException(Reason.INVALID_VALUE, "host " + Quoted.of(text) + " " + what);
  }
}
