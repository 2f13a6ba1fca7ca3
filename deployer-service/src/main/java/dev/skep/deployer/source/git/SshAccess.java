package dev.skep.deployer.source.git;

import dev.skep.deployer.source.declare.Credentials;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import org.eclipse.jgit.internal.transport.sshd.OpenSshServerKeyDatabase;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.SshSessionFactory;
import org.eclipse.jgit.transport.sshd.ServerKeyDatabase;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SSH with one key, to hosts whose keys are known: nothing else is tried, nothing learnt. */
final class SshAccess {
  private static final Logger log = LoggerFactory.getLogger(SshAccess.class);

  private SshAccess() {}

  static SshSessionFactory of(Credentials credentials) throws SourceException {
    Path key = readable(credentials.sshKey().orElseThrow(), "sshKeyFile");
    Path hosts = readable(credentials.knownHosts().orElseThrow(), "knownHostsFile");
    // Where no file is: a user's own configuration could turn the checks off.
    File nowhere = new File("/nonexistent");
    return new SshdSessionFactoryBuilder()
        .setHomeDirectory(nowhere)
        .setSshDirectory(nowhere)
        .setConfigFile(directory -> null)
        .setConfigStoreFactory((home, config, user) -> null)
        .setPreferredAuthentications("publickey")
        .setDefaultIdentities(directory -> List.of(key))
        .setDefaultKnownHostsFiles(directory -> List.of(hosts))
        .setServerKeyDatabase(
            (home, directory) ->
                new StrictHosts(new OpenSshServerKeyDatabase(false, List.of(hosts))))
        .build(null);
  }

  static void close(AutoCloseable factory) {
    try {
      factory.close();
    } catch (Exception e) {
      log.atDebug().setCause(e).log("An SSH client did not close cleanly");
    }
  }

  private static Path readable(Path file, String key) throws SourceException {
    try (var in = Files.newInputStream(file)) {
      if (in.read() < 0) {
        throw new SourceException("%s '%s' is empty".formatted(key, file));
      }
      return file;
    } catch (IOException e) {
      throw new SourceException(
          "%s '%s' cannot be read (%s); give the deployer a secret of that name"
              .formatted(key, file, e.getClass().getSimpleName()),
          e);
    }
  }

  /** Only hosts' keys that the file has; a new or another key is refused, whatever else is said. */
  private record StrictHosts(ServerKeyDatabase inner) implements ServerKeyDatabase {
    @Override
    public List<PublicKey> lookup(
        String connectAddress, InetSocketAddress remoteAddress, Configuration config) {
      return inner.lookup(connectAddress, remoteAddress, strict(config));
    }

    @Override
    public boolean accept(
        String connectAddress,
        InetSocketAddress remoteAddress,
        PublicKey serverKey,
        Configuration config,
        CredentialsProvider provider) {
      return inner.accept(connectAddress, remoteAddress, serverKey, strict(config), null);
    }

    private static Configuration strict(Configuration config) {
      return new Configuration() {
        @Override
        public List<String> getUserKnownHostsFiles() {
          return List.of();
        }

        @Override
        public List<String> getGlobalKnownHostsFiles() {
          return List.of();
        }

        @Override
        public StrictHostKeyChecking getStrictHostKeyChecking() {
          return StrictHostKeyChecking.REQUIRE_MATCH;
        }

        @Override
        public boolean getHashKnownHosts() {
          return false;
        }

        @Override
        public String getUsername() {
          return config.getUsername();
        }
      };
    }
  }
}
