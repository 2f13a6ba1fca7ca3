package dev.skep.deployer.source.declare;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a repository is. Only what is listed in {@link Kind} is ever opened: others, such as {@code
 * ext::}, run programs, or send credentials in clear.
 *
 * @param text as it was written; holds no credentials
 * @param host that of a remote one; "" for a path
 */
public record GitUrl(Kind kind, String text, String host) {
  /** The ways in which a repository may be reached. */
  public enum Kind {
    HTTPS,
    SSH,
    PATH
  }

  /** {@code git@host:team/repo.git}: the form that is not a URL. */
  private static final Pattern SCP = Pattern.compile("([A-Za-z0-9._-]+)@([A-Za-z0-9.-]+):([^:]+)");

  private static final String FORMS =
      "write https://HOST/PATH, ssh://USER@HOST/PATH, USER@HOST:PATH, or an absolute path";

  /**
   * Reads and checks one.
   *
   * @throws IllegalArgumentException with what is wrong and what to do; it never quotes credentials
   */
  public static GitUrl parse(String text) {
    if (text.startsWith("/")) {
      return new GitUrl(Kind.PATH, text, "");
    }
    Matcher scp = SCP.matcher(text);
    if (scp.matches()) {
      notAnOption(scp.group(2), scp.group(3));
      return new GitUrl(Kind.SSH, text, scp.group(2));
    }
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("it is not a URL; " + FORMS, e);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    String host = uri.getHost();
    if (!scheme.equals("https") && !scheme.equals("ssh")) {
      throw new IllegalArgumentException(
          "'%s' is not a way to reach a repository here; %s".formatted(scheme, FORMS));
    }
    if (host == null || uri.getPath() == null || uri.getPath().length() < 2) {
      throw new IllegalArgumentException("it names no host or no path; " + FORMS);
    }
    String user = uri.getRawUserInfo();
    if (user != null && (scheme.equals("https") || user.contains(":"))) {
      throw new IllegalArgumentException(
          "credentials do not belong into the URL; name their files as 'tokenFile' or 'sshKeyFile'");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException("it must end with the path, without '?' and '#'");
    }
    notAnOption(host, uri.getPath());
    return new GitUrl(scheme.equals("https") ? Kind.HTTPS : Kind.SSH, text, host);
  }

  private static void notAnOption(String host, String path) {
    if (host.startsWith("-") || path.startsWith("-")) {
      throw new IllegalArgumentException("neither host nor path may begin with '-'");
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
