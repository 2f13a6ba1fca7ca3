package dev.skep.cli.stackfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.testing.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A proxy before the Engine as the stack runs it: the stack's file in HAProxy's image, root without
 * a capability, nothing to write to but the sockets' directories. What it passes on is recorded.
 */
final class EngineProxy implements AutoCloseable {
  static final String IMAGE = "haproxy:3.4";

  /** As in the stack. */
  private static final String HEALTH =
      "exec 3<>/dev/tcp/127.0.0.1/8404 && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3"
          + " && head -1 <&3 | grep -q ' 200 '";

  private static final AtomicInteger COUNT = new AtomicInteger();

  final RecordingEngine engine;
  private final String container =
      "skep-engine-proxy-it-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
  private final Path dir;
  private final int port;

  private EngineProxy(Path dir, Path config, int port, List<String> network) {
    this.dir = dir;
    this.port = port;
    this.engine = new RecordingEngine(directory("engine").resolve("docker.sock"));
    List<String> run = new ArrayList<>(List.of("run", "-d", "--name", container));
    run.addAll(List.of("--user", "0:0", "--read-only", "--cap-drop", "ALL"));
    run.addAll(network);
    run.addAll(List.of("-v", config + ":/usr/local/etc/haproxy/haproxy.cfg:ro"));
    run.addAll(List.of("-v", engine.socket() + ":/var/run/docker.sock:ro"));
    run.addAll(List.of("-v", directory("node") + ":/run/engine-node"));
    run.addAll(List.of("-v", directory("manager") + ":/run/engine-manager"));
    run.add(IMAGE);
    Docker.docker(run);
    awaitHealth();
  }

  /** The reading proxy, with the stack's own file or a variant of it. */
  static EngineProxy read(Path dir, Path config) {
    return new EngineProxy(dir, config, 0, List.of("--network", "none"));
  }

  /** The writing proxy. */
  static EngineProxy write(Path dir) {
    int port = Ports.free();
    return new EngineProxy(
        dir, file("engine-write.cfg"), port, List.of("-p", "127.0.0.1:" + port + ":2375"));
  }

  /** A file of the directory {@code stack}. */
  static Path file(String name) {
    Path file = Path.of("../stack", name).toAbsolutePath().normalize();
    assertThat(file).exists();
    return file;
  }

  SocketAddress node() {
    return UnixDomainSocketAddress.of(dir.resolve("node/engine.sock"));
  }

  SocketAddress manager() {
    return UnixDomainSocketAddress.of(dir.resolve("manager/engine.sock"));
  }

  SocketAddress deployer() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** {@code SKEP_ENGINE_HOST} of a client of one of the three. */
  static String host(SocketAddress address) {
    return address instanceof UnixDomainSocketAddress unix
        ? "unix://" + unix.getPath()
        : "tcp://127.0.0.1:" + ((InetSocketAddress) address).getPort();
  }

  static EngineClient client(SocketAddress address) {
    return EngineClient.connect(EngineConfig.of(URI.create(host(address))));
  }

  /** All that it has logged. */
  String log() {
    return Docker.docker("logs", container);
  }

  /** Ends it without a chance to clean up, and starts it again. */
  void crash() {
    Docker.docker("kill", "--signal", "KILL", container);
    Docker.docker("wait", container);
    Docker.docker("start", container);
    awaitHealth();
  }

  private void awaitHealth() {
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsMatching(AssertionError.class::isInstance)
        .untilAsserted(() -> Docker.docker("exec", container, "bash", "-c", HEALTH));
  }

  private Path directory(String name) {
    try {
      Path directory = Files.createDirectories(dir.resolve(name));
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    Docker.docker("rm", "-f", container);
    engine.close();
  }
}
