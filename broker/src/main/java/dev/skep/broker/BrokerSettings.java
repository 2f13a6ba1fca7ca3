package dev.skep.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;

/** The broker's settings: one node, on loopback, in little memory. */
final class BrokerSettings {
  static final int NODE_ID = 1;
  static final String CONTROLLER = "CONTROLLER";

  private BrokerSettings() {}

  static Properties of(Path dir, int clientPort, int controllerPort) {
    Properties p = new Properties();
    p.put("process.roles", "broker,controller");
    p.put("node.id", Integer.toString(NODE_ID));
    p.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
    p.put(
        "listeners",
        "PLAINTEXT://127.0.0.1:" + clientPort + ",CONTROLLER://127.0.0.1:" + controllerPort);
    p.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + clientPort);
    p.put("controller.listener.names", CONTROLLER);
    p.put("inter.broker.listener.name", "PLAINTEXT");
    p.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    p.put("log.dirs", dir.resolve("log").toString());

    p.put("auto.create.topics.enable", "false");
    p.put("default.replication.factor", "1");
    p.put("offsets.topic.replication.factor", "1");
    p.put("offsets.topic.num.partitions", "1");
    p.put("transaction.state.log.replication.factor", "1");
    p.put("transaction.state.log.min.isr", "1");
    p.put("transaction.state.log.num.partitions", "1");
    p.put("share.coordinator.state.topic.replication.factor", "1");
    p.put("share.coordinator.state.topic.min.isr", "1");
    p.put("share.coordinator.state.topic.num.partitions", "1");
    p.put("group.initial.rebalance.delay.ms", "0");
    // A fenced writer's open transaction must not hold readers back for longer than this.
    p.put("transaction.max.timeout.ms", "60000");
    // A writer that was idle for long must not be forgotten: it would have to start anew.
    p.put("transactional.id.expiration.ms", Integer.toString(Integer.MAX_VALUE));
    p.put("offsets.retention.minutes", Long.toString(Duration.ofDays(30).toMinutes()));
    p.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");

    // A dedicated machine's defaults are far beyond what some thousand small records need.
    p.put("num.network.threads", "1");
    p.put("num.io.threads", "2");
    p.put("background.threads", "2");
    p.put("num.recovery.threads.per.data.dir", "1");
    p.put("num.replica.fetchers", "1");
    p.put("log.cleaner.threads", "1");
    p.put("log.cleaner.dedupe.buffer.size", "2097152");
    p.put("log.cleaner.io.buffer.size", "65536");
    p.put("log.index.size.max.bytes", "1048576");
    p.put("offsets.topic.segment.bytes", "16777216");
    p.put("transaction.state.log.segment.bytes", "16777216");
    p.put("metadata.log.segment.bytes", "16777216");
    p.put("metadata.max.retention.bytes", "33554432");
    p.put("metric.reporters", "");
    p.put("auto.include.jmx.reporter", "false");

    // A broker that comes back is refused until its former self counts as gone: at once after an
    // orderly end, which is noted, but after a crash only when that session has run out.
    p.put("controlled.shutdown.enable", "true");
    p.put("broker.heartbeat.interval.ms", "200");
    p.put("broker.session.timeout.ms", "1000");
    return p;
  }
}
