package dev.skep.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker in this process: a single KRaft node, on loopback only, its data in a directory.
 * Started again on the same directory, it goes on with the same cluster.
 */
public final class EmbeddedKafka implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedKafka.class);
  private static final String LOOPBACK = "127.0.0.1";

  private final KafkaRaftServer server;
  private final FileChannel lock;
  private final String address;
  private final String clusterId;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedKafka(
      KafkaRaftServer server, FileChannel lock, String address, String clusterId) {
    this.server = server;
    this.lock = lock;
    this.address = address;
    this.clusterId = clusterId;
  }

  /**
   * Starts it; blocks until it serves, 2 to 4 s.
   *
   * @param dataDir made if it is not there; one broker at a time may use it
   * @param port on 127.0.0.1; 0: a free one
   * @throws BrokerException if it cannot start, with one line that says why and what to do
   */
  public static EmbeddedKafka start(Path dataDir, int port) {
    return start(dataDir, port, null);
  }

  /**
   * Starts one that asks for certificates and keeps to access rules.
   *
   * @param security null: open to everyone on this machine
   * @see #start(Path, int)
   */
  public static EmbeddedKafka start(Path dataDir, int port, BrokerSecurity security) {
    KafkaLogging.quieten();
    HaltLine.install();
    Path dir = dataDir.toAbsolutePath().normalize();
    FileChannel lock = lock(dir);
    KafkaRaftServer server = null;
    try {
      Space.check(dir);
      int client = port == 0 ? freePort() : checkFree(port);
      // Kept only while this process runs: peers are none, so that the port may differ next time.
      int controller = freePort();
      Properties settings = BrokerSettings.of(dir, client, controller);
      if (security != null) {
        security.apply(settings, client, controller);
      }
      String clusterId = format(dir);
      server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
      server.startup();
      log.atInfo()
          .addKeyValue("address", LOOPBACK + ":" + client)
          .addKeyValue("data", dir)
          .log("Broker started");
      String host = security == null ? LOOPBACK : BrokerSecurity.HOST;
      return new EmbeddedKafka(server, lock, host + ":" + client, clusterId);
    } catch (Exception | Error e) {
      if (server != null) {
        server.shutdown();
      }
      release(lock);
      throw e instanceof BrokerException b ? b : StartFailure.explain(dir, e);
    }
  }

  /** {@code 127.0.0.1:PORT}; {@code localhost:PORT}, for certificates' sake, if it is secured. */
  public String bootstrapServers() {
    return address;
  }

  /** The cluster's id: the same as long as the data directory lives. */
  public String clusterId() {
    return clusterId;
  }

  /** Stops it; what was written is on disk. Calling it again does nothing. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      server.shutdown();
      server.awaitShutdown();
    } finally {
      release(lock);
    }
    log.atInfo().addKeyValue("address", bootstrapServers()).log("Broker stopped");
  }

  /** Kafka has a lock of its own, but it is taken late and reported in many lines. */
  private static FileChannel lock(Path dir) {
    FileChannel channel = null;
    try {
      Files.createDirectories(dir);
      channel =
          FileChannel.open(
              dir.resolve("skep-broker.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock held = channel.tryLock();
      if (held != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // This process itself holds it: reported below like any other holder.
    } catch (IOException e) {
      release(channel);
      throw StartFailure.explain(dir, e);
    }
    release(channel);
    throw new BrokerException(
        "another broker is using " + dir + ": stop it first, or choose another data directory",
        null);
  }

  private static void release(FileChannel lock) {
    if (lock == null) {
      return;
    }
    try {
      lock.close();
    } catch (IOException e) {
      log.atWarn().setCause(e).log("The broker's lock file could not be closed");
    }
  }

  private static int checkFree(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral(LOOPBACK), port));
      return port;
    } catch (BindException e) {
      throw new BrokerException(
          "the broker cannot listen on "
              + LOOPBACK
              + ":"
              + port
              + " ("
              + e.getMessage()
              + "): stop what uses that port, or choose another",
          e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(LOOPBACK))) {
      return socket.getLocalPort();
    }
  }

  /** Formats a new directory; leaves a formatted one as it is. */
  private static String format(Path dir) throws Exception {
    Path idFile = dir.resolve("skep-cluster-id");
    if (!Files.exists(idFile)) {
      // First the id, then the format: a crash between the two is mended by formatting again.
      Files.writeString(idFile, Uuid.randomUuid().toString(), StandardCharsets.US_ASCII);
    }
    String clusterId = Files.readString(idFile, StandardCharsets.US_ASCII).strip();
    new Formatter()
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .setNodeId(BrokerSettings.NODE_ID)
        .setClusterId(clusterId)
        .setDirectories(List.of(dir.resolve("log").toString()))
        .setMetadataLogDirectory(dir.resolve("log").toString())
        .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
        .setReleaseVersion(MetadataVersion.latestProduction())
        .setControllerListenerName(BrokerSettings.CONTROLLER)
        .setIgnoreFormatted(true)
        .run();
    return clusterId;
  }
}
