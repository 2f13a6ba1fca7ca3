package dev.skep.deployer.image.policy;

import java.util.List;
import java.util.regex.Pattern;
import org.semver4j.Semver;
import org.semver4j.range.RangeList;
import org.semver4j.range.RangeListFactory;

/** A range of versions as npm writes them: {@code ^1.4}, {@code ~1.4.2}, {@code >=1.4 <2}. */
public final class VersionRange {
  private static final String NUMBER = "(?:0|[1-9][0-9]{0,8}|[xX*])";
  private static final String VERSION =
      "v?%1$s(?:\\.%1$s(?:\\.%1$s(?:-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?)?)?".formatted(NUMBER);
  private static final String COMPARATOR = "(?:\\^|~|>=|<=|>|<|=)?" + VERSION;
  private static final Pattern ALTERNATIVE =
      Pattern.compile(
          "%1$s - %1$s|%2$s(?: %2$s)*".formatted(VERSION, COMPARATOR), Pattern.CASE_INSENSITIVE);
  private static final int LONGEST = 200;

  private final String text;
  private final RangeList range;

  private VersionRange(String text, RangeList range) {
    this.text = text;
    this.range = range;
  }

  /**
   * Reads a range. The grammar is checked here: the library leaves out what it does not understand,
   * and would then follow versions that nobody asked for.
   *
   * @throws IllegalArgumentException with what is wrong and what to write
   */
  public static VersionRange of(String text) {
    String normal =
        text.strip().replaceAll("(\\^|~|>=|<=|>|<|=)\\s+", "$1").replaceAll("\\s+", " ");
    String[] alternatives = normal.split(" ?\\|\\| ?", -1);
    for (String one : alternatives) {
      if (normal.length() > LONGEST || !ALTERNATIVE.matcher(one).matches()) {
        throw wrong(text);
      }
    }
    RangeList range = read(normal, text);
    boolean whole =
        range.get().size() == alternatives.length && range.get().stream().noneMatch(List::isEmpty);
    if (!whole) {
      throw wrong(text);
    }
    return new VersionRange(normal, range);
  }

  private static RangeList read(String normal, String text) {
    try {
      return RangeListFactory.create(normal);
    } catch (RuntimeException e) {
      throw wrong(text);
    }
  }

  private static IllegalArgumentException wrong(String text) {
    String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    return new IllegalArgumentException(
        "'%s' is no range of versions; write one such as ^1.4, ~1.4.2, 1.x or '>=1.4 <2'"
            .formatted(shown));
  }

  /** Whether a version is in it; a prerelease only if the range names one of the same version. */
  boolean holds(Semver version) {
    return range.isSatisfiedBy(version);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof VersionRange r && r.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
