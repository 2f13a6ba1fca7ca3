package dev.skep.deployer.compose;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a plain YAML scalar means. As the CLI's parser has it: YAML 1.2 with the octal numbers of
 * 1.1 ({@code 0440} is 288), and without its {@code yes} and {@code on}.
 */
final class ScalarReader {
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern DIGITS = Pattern.compile("[-+]?[0-9].*");

  private ScalarReader() {}

  /** The value: a String, Long, Double, Boolean, or null. */
  static Object read(String plain) {
    switch (plain) {
      case "", "~", "null", "Null", "NULL" -> {
        return null;
      }
      case "true", "True", "TRUE" -> {
        return true;
      }
      case "false", "False", "FALSE" -> {
        return false;
      }
      case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF" -> {
        return Double.POSITIVE_INFINITY;
      }
      case "-.inf", "-.Inf", "-.INF" -> {
        return Double.NEGATIVE_INFINITY;
      }
      case ".nan", ".NaN", ".NAN" -> {
        return Double.NaN;
      }
      default -> {
        return number(plain);
      }
    }
  }

  private static Object number(String plain) {
    if (DIGITS.matcher(plain).matches()) {
      Long whole = whole(plain.replace("_", ""));
      if (whole != null) {
        return whole;
      }
    }
    String digits = plain.replace("_", "");
    return FLOAT.matcher(digits).matches() ? (Object) Double.valueOf(digits) : plain;
  }

  private static Long whole(String text) {
    boolean negative = text.startsWith("-");
    String digits =
        (negative || text.startsWith("+") ? text.substring(1) : text).toLowerCase(Locale.ROOT);
    try {
      long value;
      if (digits.startsWith("0x")) {
        value = unsigned(digits.substring(2), 16);
      } else if (digits.startsWith("0b")) {
        value = unsigned(digits.substring(2), 2);
      } else if (digits.startsWith("0o")) {
        value = unsigned(digits.substring(2), 8);
      } else if (digits.length() > 1 && digits.startsWith("0")) {
        value = unsigned(digits.substring(1), 8);
      } else {
        value = unsigned(digits, 10);
      }
      return negative ? -value : value;
    } catch (NumberFormatException notWhole) {
      return null;
    }
  }

  private static long unsigned(String digits, int radix) {
    if (digits.startsWith("-") || digits.startsWith("+")) {
      throw new NumberFormatException(digits);
    }
    return Long.parseLong(digits, radix);
  }
}
