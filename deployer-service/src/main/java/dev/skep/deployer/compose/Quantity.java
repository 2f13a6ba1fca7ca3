package dev.skep.deployer.compose;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations, sizes and CPU shares as they are written in compose files. */
final class Quantity {
  private static final Pattern DURATION_PART =
      Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)");
  private static final Pattern SIZE =
      Pattern.compile(
          "\\+?((?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:e[-+]?[0-9]+)?) ?(?:([kmgtp])(?:i?b)?|b)?");
  private static final Pattern FRACTION = Pattern.compile("([-+]?[0-9]+)/([0-9]+)");
  private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000L);

  private Quantity() {}

  /** A Go duration such as "1m30s", in nanoseconds. */
  static long nanos(String text) {
    String rest = text;
    boolean negative = rest.startsWith("-");
    if (negative || rest.startsWith("+")) {
      rest = rest.substring(1);
    }
    if (rest.equals("0")) {
      return 0;
    }
    BigDecimal total = BigDecimal.ZERO;
    Matcher m = DURATION_PART.matcher(rest);
    int at = 0;
    while (at < rest.length() && m.find(at) && m.start() == at) {
      total = total.add(new BigDecimal(number(m.group(1))).multiply(unit(m.group(2))));
      at = m.end();
    }
    if (rest.isEmpty() || at < rest.length()) {
      throw new IllegalArgumentException(
          "'%s' is not a duration; write one such as 1m30s, with a unit of ns, us, ms, s, m, h"
              .formatted(text));
    }
    try {
      long nanos = total.toBigInteger().longValueExact();
      return negative ? -nanos : nanos;
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("'" + text + "' is too long a duration", e);
    }
  }

  private static String number(String digits) {
    return digits.endsWith(".") ? digits + "0" : digits;
  }

  private static BigDecimal unit(String unit) {
    return switch (unit) {
      case "ns" -> BigDecimal.ONE;
      case "us", "µs", "μs" -> BigDecimal.valueOf(1_000);
      case "ms" -> BigDecimal.valueOf(1_000_000);
      case "s" -> NANOS;
      case "m" -> NANOS.multiply(BigDecimal.valueOf(60));
      default -> NANOS.multiply(BigDecimal.valueOf(3600));
    };
  }

  /** A size such as "512M" or "1.5gb", in bytes; units count by 1024. */
  static long bytes(String text) {
    Matcher m = SIZE.matcher(text.toLowerCase(Locale.ROOT));
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a size; write bytes, or a unit of k, m, g, t, p as in 512M".formatted(text));
    }
    int power = m.group(2) == null ? 0 : "kmgtp".indexOf(m.group(2)) + 1;
    BigDecimal factor = new BigDecimal(BigInteger.TWO.pow(10 * power));
    return new BigDecimal(m.group(1)).multiply(factor).longValue();
  }

  /** A number of CPUs such as "0.5", in billionths. */
  static long nanoCpus(String text) {
    try {
      Matcher fraction = FRACTION.matcher(text);
      BigDecimal nanos =
          fraction.matches()
              ? new BigDecimal(fraction.group(1))
                  .multiply(NANOS)
                  .divide(new BigDecimal(fraction.group(2)))
              : new BigDecimal(text).multiply(NANOS);
      return nanos.toBigIntegerExact().longValueExact();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a number of CPUs; write one such as \"0.5\"", e);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is too precise or too large a number of CPUs", e);
    }
  }
}
