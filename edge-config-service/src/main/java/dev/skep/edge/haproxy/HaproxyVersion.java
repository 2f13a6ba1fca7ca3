package dev.skep.edge.haproxy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running HAProxy's version, of which only what decides about abilities matters. */
public record HaproxyVersion(int major, int minor) implements Comparable<HaproxyVersion> {
  private static final Pattern FORM = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");
  private static final HaproxyVersion DYNAMIC_BACKENDS = new HaproxyVersion(3, 4);

  /**
   * Reads {@code 3.4.7-1}.
   *
   * @throws IllegalArgumentException if it is no version
   */
  public static HaproxyVersion parse(String text) {
    Matcher m = FORM.matcher(text.strip());
    if (!m.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not a version of HAProxy");
    }
    return new HaproxyVersion(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)));
  }

  /** Whether backends can be added and deleted in a running process. */
  public boolean dynamicBackends() {
    return compareTo(DYNAMIC_BACKENDS) >= 0;
  }

  @Override
  public int compareTo(HaproxyVersion other) {
    return major != other.major
        ? Integer.compare(major, other.major)
        : Integer.compare(minor, other.minor);
  }
}
