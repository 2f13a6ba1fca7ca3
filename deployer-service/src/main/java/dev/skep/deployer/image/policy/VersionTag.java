package dev.skep.deployer.image.policy;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.semver4j.Semver;

/**
 * A tag that is a version: {@code 1.4.2}, {@code v1.4.2}, {@code 1.4.2-alpine}. What follows the
 * three numbers is a prerelease if it begins as one is commonly named ({@code alpha}, {@code beta},
 * {@code rc}, {@code pre}, {@code preview}, {@code dev}, {@code snapshot}, {@code next}, {@code
 * canary}, {@code nightly}) or with a digit, and may be followed by a suffix; else it is the suffix
 * of a variant. Tags with fewer than three numbers are moving ones, and no versions.
 *
 * @param tag as the registry has it
 * @param version with the prerelease, without the suffix
 * @param suffix with its hyphen; "" for none
 */
record VersionTag(String tag, Semver version, String suffix) {
  private static final String NUMBER = "(?:0|[1-9][0-9]{0,8})";
  private static final String PRERELEASE =
      "(?:alpha|beta|rc|pre|preview|dev|snapshot|next|canary|nightly)[0-9]*(?:\\.[0-9A-Za-z]+)*"
          + "|[0-9]+(?:\\.[0-9A-Za-z]+)*";
  private static final Pattern FORM =
      Pattern.compile(
          "v?(?<numbers>%1$s\\.%1$s\\.%1$s)(?:-(?<pre>%2$s)(?=-|$))?(?<suffix>(?:[-.][A-Za-z0-9._-]+)?)"
              .formatted(NUMBER, PRERELEASE),
          Pattern.CASE_INSENSITIVE);

  static Optional<VersionTag> of(String tag) {
    Matcher m = FORM.matcher(tag);
    if (tag.length() > 128 || !m.matches()) {
      return Optional.empty();
    }
    String pre = m.group("pre") == null ? "" : "-" + m.group("pre");
    Semver version = Semver.parse(m.group("numbers") + pre);
    return Optional.ofNullable(version).map(v -> new VersionTag(tag, v, m.group("suffix")));
  }

  /**
   * The newest tag of a range that is newer than this one and of the same variant.
   *
   * @param tags what the repository has
   * @param except tags that are not taken
   */
  Optional<VersionTag> newest(VersionRange range, Collection<String> tags, Set<String> except) {
    return tags.stream()
        .filter(t -> !except.contains(t))
        .flatMap(t -> of(t).stream())
        .filter(t -> t.suffix().equals(suffix))
        .filter(t -> t.version().compareTo(version) > 0)
        .filter(t -> range.holds(t.version()))
        // Of v1.5.0 and 1.5.0 the one that is written as this one is.
        .max(
            Comparator.comparing(VersionTag::version)
                .thenComparing(t -> prefixed(t.tag()) == prefixed(tag))
                .thenComparing(VersionTag::tag));
  }

  private static boolean prefixed(String tag) {
    return tag.startsWith("v") || tag.startsWith("V");
  }
}
