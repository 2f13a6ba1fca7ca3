package dev.skep.deployer.image.policy;

/** What a service wants of its image's registry, by the label {@value #LABEL} on the service. */
public sealed interface ImagePolicy {
  String LABEL = "dev.skep.image";

  /** What the registry has is of no interest: as without the label. */
  record None() implements ImagePolicy {
    @Override
    public String toString() {
      return "none";
    }
  }

  /** Runs what its tag points to. */
  record Digest() implements ImagePolicy {
    @Override
    public String toString() {
      return "digest";
    }
  }

  /** Runs the newest version of a range. */
  record Versions(VersionRange range) implements ImagePolicy {
    @Override
    public String toString() {
      return "semver " + range;
    }
  }

  /**
   * Reads the label's value; empty means none.
   *
   * @throws IllegalArgumentException with what is wrong and what to write
   */
  static ImagePolicy of(String label) {
    String text = label.strip();
    String[] words = text.split("\\s+", 2);
    return switch (words[0]) {
      case "", "none" -> alone(words, new None());
      case "digest" -> alone(words, new Digest());
      case "semver" -> {
        if (words.length == 1) {
          throw new IllegalArgumentException("'semver' needs a range, such as 'semver ^1.4'");
        }
        yield new Versions(VersionRange.of(words[1]));
      }
      default ->
          throw new IllegalArgumentException(
              "'%s' is none of none, digest and 'semver RANGE'".formatted(shortened(text)));
    };
  }

  private static ImagePolicy alone(String[] words, ImagePolicy policy) {
    if (words.length > 1) {
      throw new IllegalArgumentException(
          "nothing may follow '%s', and there is '%s'".formatted(words[0], shortened(words[1])));
    }
    return policy;
  }

  private static String shortened(String text) {
    return text.length() > 100 ? text.substring(0, 100) + "..." : text;
  }
}
