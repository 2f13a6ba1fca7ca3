package dev.skep.deployer.compose;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a plain YAML scalar means. As the CLI's parser has it: YAML 1.2 with the octal numbers of
 * 1.1 ({@code 0440} is 288), and without its {@code yes} and {@code on}.
 */
final class ScalarReader {
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern BEGINNING = Pattern.compile("[-+.0-9]");

  /** The parser's whole numbers end here. */
  private static final BigInteger MOST = BigInteger.TWO.pow(Long.SIZE);

  private ScalarReader() {}

  /** The value: a String, Long, Double, Boolean, null, or a BigInteger above the longest Long. */
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
    if (!BEGINNING.matcher(plain).lookingAt()) {
      return plain;
    }
    String digits = plain.replace("_", "");
    BigInteger whole = whole(digits);
    if (whole != null && whole.bitLength() < Long.SIZE) {
      return whole.longValue();
    }
    if (whole != null && whole.compareTo(MOST) < 0 && Character.isDigit(plain.charAt(0))) {
      return whole;
    }
    return FLOAT.matcher(digits).matches() ? real(digits, plain) : plain;
  }

  /** What no float can hold stays text. */
  private static Object real(String digits, String plain) {
    double value = Double.parseDouble(digits);
    return Double.isInfinite(value) ? plain : (Object) value;
  }

  private static BigInteger whole(String text) {
    boolean negative = text.startsWith("-");
    String digits =
        (negative || text.startsWith("+") ? text.substring(1) : text).toLowerCase(Locale.ROOT);
    try {
      BigInteger value;
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
      return negative ? value.negate() : value;
    } catch (NumberFormatException notWhole) {
      return null;
    }
  }

  private static BigInteger unsigned(String digits, int radix) {
    if (digits.startsWith("-") || digits.startsWith("+")) {
      throw new NumberFormatException(digits);
    }
    return new BigInteger(digits, radix);
  }
}
