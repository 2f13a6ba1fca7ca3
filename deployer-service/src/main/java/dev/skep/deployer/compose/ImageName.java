package dev.skep.deployer.compose;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Image references, as the CLI normalizes them. */
public final class ImageName {
  private static final String DOMAIN =
      "(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
          + "(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\\[[0-9a-fA-F:]+\\])"
          + "(?::[0-9]+)?";
  private static final String PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
  private static final Pattern FULL =
      Pattern.compile(
          "(?<domain>%s)/(?<path>%s(?:/%s)*)(?<tag>:[\\w][\\w.-]{0,127})?(?<digest>@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?"
              .formatted(DOMAIN, PART, PART));

  private ImageName() {}

  /** Whether the text names an image. */
  public static boolean isValid(String image) {
    return FULL.matcher(qualified(image)).matches();
  }

  /** Whether the reference names exact content. */
  public static boolean hasDigest(String image) {
    return image.contains("@");
  }

  /** The reference up to its digest. */
  public static String withoutDigest(String image) {
    int digest = image.indexOf('@');
    return digest < 0 ? image : image.substring(0, digest);
  }

  /**
   * The short name that people use, with the tag "latest" if there is neither tag nor digest. What
   * is no valid reference comes back as it is.
   */
  public static String tagged(String image) {
    Matcher m = FULL.matcher(qualified(image));
    if (!m.matches()) {
      return image;
    }
    String tag = m.group("tag") == null ? "" : m.group("tag");
    String digest = m.group("digest") == null ? "" : m.group("digest");
    String suffix = tag.isEmpty() && digest.isEmpty() ? ":latest" : tag + digest;
    return familiar(m.group("domain"), m.group("path")) + suffix;
  }

  /** The registry's host as it is written in references: "docker.io" for a bare name. */
  public static String registry(String image) {
    String qualified = qualified(image);
    return qualified.substring(0, qualified.indexOf('/'));
  }

  /** The reference with a digest: {@code name:tag@sha256:...}. */
  public static String withDigest(String image, String digest) {
    String tagged = tagged(image);
    return hasDigest(tagged) ? tagged : tagged + "@" + digest;
  }

  private static String familiar(String domain, String path) {
    if (!domain.equals("docker.io")) {
      return domain + "/" + path;
    }
    String plain = path.startsWith("library/") ? path.substring("library/".length()) : path;
    return plain.contains("/") && path.startsWith("library/") ? path : plain;
  }

  /** With its registry: docker.io/library/ for a bare name. */
  private static String qualified(String image) {
    int slash = image.indexOf('/');
    String first = slash < 0 ? "" : image.substring(0, slash);
    boolean hasDomain =
        slash >= 0
            && (first.contains(".")
                || first.contains(":")
                || first.equals("localhost")
                || !first.equals(first.toLowerCase(Locale.ROOT)));
    String domain = hasDomain ? first : "docker.io";
    String rest = hasDomain ? image.substring(slash + 1) : image;
    if (domain.equals("index.docker.io")) {
      domain = "docker.io";
    }
    return domain.equals("docker.io") && !rest.contains("/")
        ? domain + "/library/" + rest
        : domain + "/" + rest;
  }
}
