package dev.skep.cli.up;

import dev.skep.broker.EmbeddedKafka;
import dev.skep.cert.CertService;
import dev.skep.cli.Names;
import dev.skep.cli.StateDir;
import dev.skep.deployer.DeployerService;
import dev.skep.edge.EdgeAgent;
import dev.skep.edge.agent.ContainerConfigChecker;
import dev.skep.edgeconfig.EdgeConfigConfig;
import dev.skep.edgeconfig.EdgeConfigService;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.inventory.InventoryConfig;
import dev.skep.inventory.InventoryService;
import dev.skep.inventory.agent.NodeAgent;
import dev.skep.inventory.agent.NodeAgentConfig;
import dev.skep.model.topic.Topics;
import dev.skep.monitor.MonitorConfig;
import dev.skep.monitor.MonitorService;
import dev.skep.runtime.Platform;
import dev.skep.runtime.SkepService;
import dev.skep.runtime.config.Secret;
import dev.skep.runtime.health.Health;
import dev.skep.runtime.http.HttpConfig;
import dev.skep.runtime.http.HttpFrontDoor;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.TopicAdmin;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every service and both agents in one process: the same classes that run alone in a cluster, wired
 * to one broker and one HTTP port.
 */
public final class AllInOne implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AllInOne.class);

  /** What was opened, newest first: closed in that order. */
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  private AllInOne() {}

  /**
   * Starts everything; what was started is closed again if a part cannot be.
   *
   * @param fatal told of what must end the process
   */
  public static AllInOne start(StateDir state, UpOptions options, Consumer<Throwable> fatal)
      throws Exception {
    AllInOne suite = new AllInOne();
    try {
      suite.open(state, options, fatal);
      return suite;
    } catch (Exception e) {
      suite.close();
      throw e;
    }
  }

  private void open(StateDir state, UpOptions options, Consumer<Throwable> fatal) throws Exception {
    KafkaConfig kafka = kafka(state, options);
    TopicAdmin.ensure(kafka, Topics.all());
    Platform platform = opened(Platform.create(kafka, fatal));
    EngineClient engine =
        opened(EngineClient.connect(EngineConfig.of(URI.create(options.engine()))));
    Keys keys = Keys.loadOrCreate(state.keys());
    Secret token = new Secret(state.tokenValue());
    List<SkepService> services = services(platform, engine, keys, state, options);
    for (SkepService service : services) {
      opened(service).start();
    }
    opened(
        HttpFrontDoor.open(
            platform, new HttpConfig("127.0.0.1", options.apiPort(), token), services));
  }

  private KafkaConfig kafka(StateDir state, UpOptions options) throws Exception {
    if (options.kafka() != null) {
      return new KafkaConfig(options.kafka(), Map.of());
    }
    EmbeddedKafka broker = opened(EmbeddedKafka.start(state.kafka(), 0));
    Files.writeString(state.broker(), broker.bootstrapServers() + "\n");
    return new KafkaConfig(broker.bootstrapServers(), Map.of());
  }

  private static List<SkepService> services(
      Platform platform, EngineClient engine, Keys keys, StateDir state, UpOptions options) {
    // The monitor tells how the others are.
    List<SkepService> all = new ArrayList<>();
    all.addAll(
        List.of(
            new NodeAgent(platform, engine, NodeAgentConfig.defaults()),
            new InventoryService(platform, engine, InventoryConfig.defaults()),
            new DeployerService(platform, engine, keys.deployer(), ServiceConfigs.deployer(state)),
            new EdgeConfigService(platform, EdgeConfigConfig.defaults()),
            new CertService(
                platform, ServiceConfigs.cert(options), keys.cert(), keys.edge().publicKeys()),
            new EdgeAgent(
                platform,
                ServiceConfigs.edge(options),
                keys.edge(),
                new ContainerConfigChecker(engine, Names.HAPROXY)),
            new MonitorService(platform, MonitorConfig.defaults(), () -> health(all))));
    return all;
  }

  private static Map<String, Health> health(List<SkepService> services) {
    return services.stream().collect(Collectors.toMap(SkepService::name, SkepService::health));
  }

  private <T extends AutoCloseable> T opened(T part) {
    opened.push(part);
    return part;
  }

  /** Closes every part, the newest first; one that fails does not keep the others open. */
  @Override
  public void close() {
    while (!opened.isEmpty()) {
      AutoCloseable part = opened.pop();
      try {
        part.close();
      } catch (Exception e) {
        log.atWarn()
            .setCause(e)
            .addKeyValue("part", part.getClass().getSimpleName())
            .log("Not closed cleanly");
      }
    }
  }
}
