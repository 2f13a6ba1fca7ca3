package dev.skep.edgeconfig.labels;

/** Text from a label as it may stand in a message: short, and without control characters. */
final class Quoted {
  private static final int MAX = 80;

  private Quoted() {}

  /** {@code text} in single quotes, shortened to 80 characters. */
  static String of(String text) {
    StringBuilder out = new StringBuilder("'");
    int length = Math.min(text.length(), MAX);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      out.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '\uFFFD' : c);
    }
    return out.append(text.length() > MAX ? "...'" : "'").toString();
  }
}
