package dev.skep.engine;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of the Engine API, and which one to speak. */
record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
  /** Engine 20.10: the first with job modes and with /services?status. */
  static final ApiVersion OLDEST = new ApiVersion(1, 41);

  /** Engine 28.5: the newest that this client was run against. */
  static final ApiVersion NEWEST = new ApiVersion(1, 51);

  private static final Pattern FORM = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})");
  private static final Comparator<ApiVersion> ORDER =
      Comparator.comparingInt(ApiVersion::major).thenComparingInt(ApiVersion::minor);

  /**
   * Reads {@code 1.41}.
   *
   * @throws IllegalArgumentException if it is none
   */
  static ApiVersion parse(String text) {
    Matcher m = FORM.matcher(text == null ? "" : text);
    if (!m.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not an Engine API version");
    }
    return new ApiVersion(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)));
  }

  /**
   * The newest version that both sides speak.
   *
   * @param newest the Engine's newest
   * @param oldest the oldest that the Engine still takes; null if it does not say
   * @throws IllegalArgumentException if there is none; the message says which side to update
   */
  static ApiVersion negotiate(ApiVersion newest, ApiVersion oldest) {
    if (newest.compareTo(OLDEST) < 0) {
      throw new IllegalArgumentException(
          "this Engine speaks API %s at most, and %s is needed: update it to Docker 20.10 or newer"
              .formatted(newest, OLDEST));
    }
    if (oldest != null && oldest.compareTo(NEWEST) > 0) {
      throw new IllegalArgumentException(
          "this Engine demands API %s at least, and Skep speaks %s at most: update Skep"
              .formatted(oldest, NEWEST));
    }
    return newest.compareTo(NEWEST) < 0 ? newest : NEWEST;
  }

  @Override
  public int compareTo(ApiVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
