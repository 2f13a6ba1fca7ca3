package dev.skep.images.train;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/** A broker as the stack has it, on loopback: one node, and clients only by mutual TLS. */
record Broker(KafkaRaftServer server, String address) implements AutoCloseable {
  private static final int NODE = 1;

  static Broker start(Path dir, Identity identity) throws Exception {
    String address = "127.0.0.1:" + freePort();
    Properties settings = settings(dir, address, freePort(), identity);
    new Formatter()
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .setNodeId(NODE)
        .setClusterId(Uuid.randomUuid().toString())
        .setDirectories(List.of(dir.toString()))
        .setMetadataLogDirectory(dir.toString())
        .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
        .setReleaseVersion(MetadataVersion.latestProduction())
        .setControllerListenerName("CONTROLLER")
        .run();
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
    server.startup();
    return new Broker(server, address);
  }

  private static Properties settings(Path dir, String address, int controller, Identity identity) {
    Properties p = new Properties();
    p.put("process.roles", "broker,controller");
    p.put("node.id", Integer.toString(NODE));
    p.put("controller.quorum.voters", NODE + "@127.0.0.1:" + controller);
    p.put("listeners", "CLIENTS://" + address + ",CONTROLLER://127.0.0.1:" + controller);
    p.put("advertised.listeners", "CLIENTS://" + address);
    p.put("controller.listener.names", "CONTROLLER");
    p.put("inter.broker.listener.name", "CLIENTS");
    p.put("listener.security.protocol.map", "CLIENTS:SSL,CONTROLLER:PLAINTEXT");
    p.put("ssl.client.auth", "required");
    p.put("ssl.keystore.type", "PEM");
    p.put("ssl.keystore.key", identity.key());
    p.put("ssl.keystore.certificate.chain", identity.certificate());
    p.put("ssl.truststore.type", "PEM");
    p.put("ssl.truststore.certificates", identity.certificate());
    p.put("log.dirs", dir.toString());
    p.put("auto.create.topics.enable", "false");
    p.put("offsets.topic.replication.factor", "1");
    p.put("offsets.topic.num.partitions", "1");
    p.put("transaction.state.log.replication.factor", "1");
    p.put("transaction.state.log.min.isr", "1");
    p.put("transaction.state.log.num.partitions", "1");
    p.put("group.initial.rebalance.delay.ms", "0");
    p.put("log.cleaner.dedupe.buffer.size", "2097152");
    p.put("log.cleaner.threads", "1");
    p.put("log.index.size.max.bytes", "1048576");
    return p;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }
}
