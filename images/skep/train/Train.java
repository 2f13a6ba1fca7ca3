package dev.skep.images.train;

import dev.skep.broker.BrokerSecurity;
import dev.skep.broker.EmbeddedKafka;
import dev.skep.cli.ApiClient;
import dev.skep.cli.stack.StackFiles;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.TopicAdmin;
import dev.skep.runtime.life.Logging;
import dev.skep.runtime.seal.PrivateKeyRing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Makes the start-up cache of every image: runs the whole suite once, each service with the flags
 * and the class path of its image, against a real broker over TLS, a real HAProxy, and canned
 * answers of an Engine; lets a labelled service become a route with a certificate; ends everything
 * and turns what was recorded into {@code services/NAME/app.aot}.
 */
public final class Train {
  private static final Duration SOON = Duration.ofSeconds(180);
  private static final String CLI = "cli";
  private static final String TOKEN = "training";

  private final Path dir;
  private final List<Trained> suite = new ArrayList<>();

  /** What was last answered, for a failure's message. */
  private String last = "";

  private Train(Path dir) {
    this.dir = dir;
  }

  /** Trains below the directory that is the only argument, which holds {@code services/}. */
  public static void main(String[] args) throws Exception {
    Logging.configure("WARN");
    new Train(Path.of(args[0])).run();
    System.exit(0);
  }

  private void run() throws Exception {
    step("starting a broker");
    Identity identity = Identity.load(dir.resolve("classes/training.p12"), dir);
    BrokerSecurity security =
        new BrokerSecurity(identity.keyFile(), identity.trustFile(), List.of(Identity.NAME));
    try (EmbeddedKafka broker = EmbeddedKafka.start(dir.resolve("kafka"), 0, security);
        CannedEngine engine = CannedEngine.listen(dir.resolve("engine.sock"))) {
      TopicAdmin.ensure(
          new KafkaConfig(broker.bootstrapServers(), identity.settings()), Topics.all());
      step("recording the services");
      startServices(broker, engine, identity);
      Process proxy = startProxy();
      for (Trained service : suite) {
        service.awaitReady(SOON);
      }
      step("all are ready; using them");
      use();
      for (Trained service : suite) {
        service.end();
      }
      proxy.destroy();
      Trained cli = trained(CLI, Map.of());
      cli.runOnce("train", "--engine", engine.unix(), stackFile().toString());
      suite.add(cli);
    }
    for (Trained image : suite) {
      Sbom.write(dir, image.name());
    }
    step("writing the caches");
    try (ExecutorService two = Executors.newFixedThreadPool(2)) {
      List<Future<Void>> caches = suite.stream().map(s -> two.submit(s::writeCache)).toList();
      for (Future<Void> cache : caches) {
        cache.get();
      }
    }
    step("done");
  }

  private void startServices(EmbeddedKafka broker, CannedEngine engine, Identity identity)
      throws IOException {
    Path keys = Files.createDirectories(dir.resolve("keys"));
    PrivateKeyRing.loadOrCreate(keys.resolve("edge.json"))
        .publicKeys()
        .save(keys.resolve("edge-public.json"));
    Files.writeString(dir.resolve("token"), TOKEN);
    for (String name : names()) {
      if (name.equals(CLI)) {
        continue;
      }
      String host = name.equals("deployer-service") ? engine.tcp() : engine.unix();
      Trained service =
          trained(
              name,
              Map.of(
                  "SKEP_KAFKA_BOOTSTRAP", broker.bootstrapServers(),
                  "SKEP_KAFKA_CREATE_TOPICS", "wait",
                  "SKEP_ENGINE_HOST", host,
                  "SKEP_TOKEN_FILE", dir.resolve("token").toString(),
                  "SKEP_KEYS_DIR", keys.toString()));
      identity.settings().forEach((k, v) -> service.environment(Map.of(variable(k), v)));
      if (name.equals("edge-agent")) {
        service.environment(
            Map.of(
                "SKEP_EDGE_NAME", "training",
                "SKEP_EDGE_DIR", edge().toString(),
                "SKEP_EDGE_PROXIES", "haproxy,traefik",
                "SKEP_EDGE_HTTP_PORT", "8480",
                "SKEP_EDGE_HTTPS_PORT", "8443"));
      }
      service.start();
      suite.add(service);
    }
  }

  /** The variable that sets this of Kafka's settings. */
  private static String variable(String setting) {
    return "SKEP_KAFKA_" + setting.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  /** What the suite does all day: scrapes, questions, a deployment, a route with a certificate. */
  private void use() throws Exception {
    try (ApiClient deployer = client("deployer-service");
        ApiClient monitor = client("monitor-service")) {
      StackFiles.deploy(
          deployer, "training", List.of(stackFile()), Duration.ofSeconds(60), step -> {});
      await("a certificate", () -> says(monitor, "certificates", "whoami.localhost"));
      await("an edge that serves", () -> says(monitor, "edges", "whoami"));
      for (String path : List.of("status", "nodes", "services", "tasks", "stacks", "deployments")) {
        monitor.get("/api/" + path);
      }
    }
    for (Trained service : suite) {
      try (ApiClient api = client(service.name());
          ApiClient stranger = new ApiClient(service.port(), "wrong")) {
        for (int i = 0; i < 3; i++) {
          for (String path : List.of("/health/live", "/health/ready", "/metrics")) {
            if (!api.get(path).ok()) {
              throw new IllegalStateException(service.name() + " does not answer " + path);
            }
          }
        }
        api.get("/api/nothing");
        stranger.get("/api/status");
      }
    }
  }

  private boolean says(ApiClient monitor, String resource, String word) throws Exception {
    last = monitor.get("/api/" + resource).text();
    return last.contains(word);
  }

  private Process startProxy() throws Exception {
    Path config = edge().resolve("haproxy.cfg");
    await("the edge agent wrote " + config, () -> Files.exists(config));
    return new ProcessBuilder(
            "haproxy",
            "-W",
            "-db",
            "-S",
            edge().resolve("run/master.sock").toString(),
            "-f",
            config.toString())
        .redirectErrorStream(true)
        .redirectOutput(dir.resolve("haproxy.log").toFile())
        .start();
  }

  private Path edge() throws IOException {
    return Files.createDirectories(dir.resolve("edge"));
  }

  private Path stackFile() throws IOException {
    return Files.writeString(dir.resolve("stack.yml"), CannedEngine.STACK);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> list = Files.list(dir.resolve("services"))) {
      return list.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  private Trained trained(String name, Map<String, String> environment) throws IOException {
    return new Trained(name, dir.resolve("services").resolve(name), dir).environment(environment);
  }

  private ApiClient client(String name) throws IOException {
    Trained service = suite.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    return new ApiClient(service.port(), TOKEN);
  }

  /** Something that comes true. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws Exception;
  }

  private void await(String what, Condition condition) throws Exception {
    long end = System.nanoTime() + SOON.toNanos();
    while (!condition.holds()) {
      suite.forEach(Trained::mustLive);
      if (System.nanoTime() > end) {
        suite.forEach(s -> System.err.println(s.log()));
        throw new IllegalStateException(
            "training: not in time: " + what + "; last answer: " + last);
      }
      Thread.sleep(50);
    }
  }

  private static void step(String text) {
    System.out.printf("training: %s%n", text);
  }
}
