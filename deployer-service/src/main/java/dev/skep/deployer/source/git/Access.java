package dev.skep.deployer.source.git;

import dev.skep.deployer.source.declare.GitUrl;
import dev.skep.deployer.source.declare.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;

/** Shows a host who asks: by the files that a source names, and by nothing else. */
final class Access {
  private static final long MOST_BYTES = 64 * 1024;

  private Access() {}

  /**
   * Gives them to a connection that is to be made.
   *
   * @param talk counts what its host says
   */
  static void give(Transport transport, Source source, Talk talk) throws SourceException {
    // Else a default one might be asked that some other part of the process has set.
    transport.setCredentialsProvider(new HostCredentials(source.url().host(), "", new char[0]));
    if (source.url().kind() == GitUrl.Kind.HTTPS && source.credentials().token().isPresent()) {
      transport.setCredentialsProvider(
          new HostCredentials(
              source.url().host(),
              source.credentials().user(),
              text(source.credentials().token().get(), "tokenFile").toCharArray()));
    }
    if (transport instanceof TransportHttp http) {
      http.setHttpConnectionFactory(new HttpsTalk(talk));
    }
    if (transport instanceof SshTransport ssh) {
      ssh.setSshSessionFactory(new SshTalk(SshAccess.of(source.credentials()), talk));
    }
  }

  /** Ends what {@link #give} began. */
  static void end(Transport transport) {
    if (transport instanceof SshTransport ssh
        && ssh.getSshSessionFactory() instanceof AutoCloseable factory) {
      SshAccess.close(factory);
    }
  }

  /** What may help where a repository cannot be read. */
  static String hint(Source source) {
    return switch (source.url().kind()) {
      case HTTPS ->
          source.credentials().token().isPresent()
              ? "look at the address, and whether the token may read it"
              : "look at the address; a private repository needs a 'tokenFile'";
      case SSH -> "look at the address, whether the key may read it, and at the known host's key";
      case PATH -> "it must be a Git repository that the deployer may read";
    };
  }

  /**
   * A small text file without line breaks at its end.
   *
   * @param key that names it, for messages
   */
  static String text(Path file, String key) throws SourceException {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new SourceException(
            "%s '%s' has more than %d bytes".formatted(key, file, MOST_BYTES));
      }
      String text = Files.readString(file).stripTrailing();
      if (text.isEmpty()) {
        throw new SourceException("%s '%s' is empty".formatted(key, file));
      }
      return text;
    } catch (IOException e) {
      throw new SourceException(
          "%s '%s' cannot be read (%s); give the deployer a secret of that name"
              .formatted(key, file, e.getClass().getSimpleName()),
          e);
    }
  }
}
