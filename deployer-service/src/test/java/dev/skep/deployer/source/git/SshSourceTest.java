package dev.skep.deployer.source.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.deployer.source.declare.Source;
import dev.skep.deployer.source.declare.SourcesFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.command.AbstractCommandSupport;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.UploadPack;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository by SSH, from a real server in this process. */
class SshSourceTest {
  @TempDir Path dir;
  private final KeyPair host = pair();
  private final KeyPair client = pair();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private SshServer server;
  private Path work;
  private String commit;

  @BeforeEach
  void start() throws Exception {
    work = Files.createDirectory(dir.resolve("work"));
    try (TestRepository repository = new TestRepository(dir.resolve("shop.git"))) {
      commit = repository.file("a", "by ssh").commit("main");
    }
    server = SshServer.setUpDefaultServer();
    server.setHost("127.0.0.1");
    server.setKeyPairProvider(KeyPairProvider.wrap(host));
    server.setPublickeyAuthenticator(
        (user, key, session) ->
            user.equals("git") && KeyUtils.compareKeys(key, client.getPublic()));
    server.setCommandFactory((channel, command) -> new Upload(command));
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    stopped.countDown();
    server.stop(true);
  }

  @Test
  void aKnownHostIsReadWithTheKey() throws Exception {
    try (GitSession session = open(client, host.getPublic())) {
      assertThat(session.tip()).isEqualTo(commit);
      assertThat(
              new String(session.fetch(Clock.systemUTC()).read("a", 100), StandardCharsets.UTF_8))
          .isEqualTo("by ssh");
    }
  }

  @Test
  void aHostWithAnotherKeyIsRefused() {
    assertThatThrownBy(() -> open(client, pair().getPublic())).isInstanceOf(SourceException.class);
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void anUnknownHostIsRefusedAndNotLearnt() throws Exception {
    Path known = Files.writeString(dir.resolve("known"), "# nobody\n");

    assertThatThrownBy(() -> open(client, known)).isInstanceOf(SourceException.class);

    assertThat(known).hasContent("# nobody");
  }

  @Test
  void anotherKeyIsNotLetIn() {
    assertThatThrownBy(() -> open(pair(), host.getPublic()))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("whether the key may read it");
  }

  @Test
  void aMissingKeyFileIsTold() throws Exception {
    Path known = Files.writeString(dir.resolve("known"), line(host.getPublic()));

    assertThatThrownBy(() -> GitSession.open(source(known), work, Limits.standard()))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("give the deployer a secret of that name");
  }

  @Test
  void aHostThatTellsItsBranchesByteByByteIsGivenUp() {
    server.setCommandFactory((channel, command) -> new Drip(command));

    assertThatThrownBy(
            () -> open(client, host.getPublic(), new Limits(100, 100, 100, Duration.ofSeconds(2))))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("did not tell its newest commit within 2 s");
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void branchesWithoutEndAreNotTakenIn() {
    server.setCommandFactory((channel, command) -> new ManyBranches(command));

    assertThatThrownBy(() -> open(client, host.getPublic()))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("more than 4194304 bytes besides the commit");
    assertThat(work).isEmptyDirectory();
  }

  private GitSession open(KeyPair key, PublicKey hostKey) throws Exception {
    return open(key, hostKey, Limits.standard());
  }

  private GitSession open(KeyPair key, PublicKey hostKey, Limits limits) throws Exception {
    return open(key, Files.writeString(dir.resolve("known"), line(hostKey)), limits);
  }

  private GitSession open(KeyPair key, Path known) throws Exception {
    return open(key, known, Limits.standard());
  }

  private GitSession open(KeyPair key, Path known, Limits limits) throws Exception {
    try (OutputStream out = Files.newOutputStream(dir.resolve("key"))) {
      OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(key, "test", null, out);
    }
    return GitSession.open(source(known), work, limits);
  }

  private String line(PublicKey key) {
    return "[127.0.0.1]:" + server.getPort() + " " + PublicKeyEntry.toString(key) + "\n";
  }

  private Source source(Path known) {
    String url = "ssh://git@127.0.0.1:" + server.getPort() + "/shop.git";
    SourcesFile file =
        SourcesFile.read(
            "s.yml",
            "sources: {shop: {url: '%s', sshKeyFile: key, knownHostsFile: '%s'}}"
                .formatted(url, known),
            dir);
    assertThat(file.broken()).isEmpty();
    assertThat(List.copyOf(file.sources())).hasSize(1);
    return file.sources().getFirst();
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a host runs for {@code git-upload-pack}. */
  private final class Upload extends AbstractCommandSupport {
    Upload(String command) {
      super(command, null);
    }

    @Override
    public void run() {
      int exit = 1;
      try (Repository repository = new FileRepository(dir.resolve("shop.git").toFile())) {
        new UploadPack(repository).upload(getInputStream(), getOutputStream(), getErrorStream());
        exit = 0;
      } catch (IOException e) {
        // The client is gone, or was sent away.
      }
      onExit(exit);
    }
  }

  /** Sends a byte from time to time: each comes before anyone gets impatient. */
  private final class Drip extends AbstractCommandSupport {
    Drip(String command) {
      super(command, null);
    }

    @Override
    public void run() {
      byte[] line = ("0100" + commit + " " + "a".repeat(300)).getBytes(StandardCharsets.UTF_8);
      try {
        for (int i = 0; i < line.length && !stopped.await(50, TimeUnit.MILLISECONDS); i++) {
          getOutputStream().write(line[i]);
          getOutputStream().flush();
        }
      } catch (IOException e) {
        // The client is gone.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      onExit(1);
    }
  }

  private final class ManyBranches extends AbstractCommandSupport {
    ManyBranches(String command) {
      super(command, null);
    }

    @Override
    public void run() {
      PacketLineOut lines = new PacketLineOut(getOutputStream());
      lines.setFlushOnEnd(true);
      try {
        lines.writeString(commit + " HEAD\0shallow side-band-64k\n");
        for (int i = 0; i < 100_000; i++) {
          lines.writeString(commit + " refs/heads/branch" + i + "\n");
        }
        lines.end();
      } catch (IOException e) {
        // The client is gone.
      }
      onExit(0);
    }
  }
}
