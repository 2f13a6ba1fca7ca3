package dev.skep.deployer.source.declare;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the statuses of a source's commits are told.
 *
 * @param api the address that the host's own API begins with, without a slash at its end
 * @param project the repository's path at its host: {@code team/shop}
 * @param token the file with a token that may set statuses
 */
public record StatusTarget(Provider provider, String api, String project, Path token) {
  /** Whose API it is. */
  public enum Provider {
    GITLAB,
    GITHUB,
    /** And Forgejo. */
    GITEA;

    /** The one of this name. */
    static Provider of(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT));
    }
  }

  private static final Pattern SCP = Pattern.compile("[^@/]+@[^:/]+:(.+)");
  private static final Pattern PROJECT = Pattern.compile("[^/\\s?#%]+(?:/[^/\\s?#%]+)+");

  /**
   * The address of an API, checked.
   *
   * @throws IllegalArgumentException with what is wrong and what to do
   */
  static String api(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("it is not a URL; write https://HOST/PATH", e);
    }
    boolean loopback =
        uri.getHost() != null && uri.getHost().matches("localhost|127\\.0\\.0\\.1|\\[::1\\]");
    if (uri.getHost() == null
        || !("https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && loopback))
        || uri.getRawUserInfo() != null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "a token is sent there: it must be https://HOST/PATH, without a user, '?' and '#'");
    }
    return text.replaceFirst("/+$", "");
  }

  /** Where the API of the repository's own host is; empty for a path. */
  static Optional<String> api(Provider provider, GitUrl url) {
    if (url.kind() == GitUrl.Kind.PATH) {
      return Optional.empty();
    }
    int port = url.kind() == GitUrl.Kind.HTTPS ? URI.create(url.text()).getPort() : -1;
    String host = "https://" + url.host() + (port < 0 ? "" : ":" + port);
    return Optional.of(
        switch (provider) {
          case GITLAB -> host + "/api/v4";
          case GITEA -> host + "/api/v1";
          case GITHUB ->
              url.host().equalsIgnoreCase("github.com")
                  ? "https://api.github.com"
                  : host + "/api/v3";
        });
  }

  /** The repository's path at its host; empty for a path of the machine. */
  static Optional<String> project(GitUrl url) {
    if (url.kind() == GitUrl.Kind.PATH) {
      return Optional.empty();
    }
    Matcher scp = SCP.matcher(url.text());
    String path = scp.matches() ? scp.group(1) : URI.create(url.text()).getPath();
    return Optional.of(
        path.replaceFirst("^/+", "").replaceFirst("/+$", "").replaceFirst("\\.git$", ""));
  }

  /** Whether a host may have a repository of this path. */
  static boolean isProject(Provider provider, String path) {
    boolean two = path.chars().filter(c -> c == '/').count() == 1;
    return PROJECT.matcher(path).matches() && (two || provider == Provider.GITLAB);
  }
}
