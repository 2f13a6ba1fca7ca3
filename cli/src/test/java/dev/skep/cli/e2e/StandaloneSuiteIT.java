package dev.skep.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.cli.ApiClient;
import dev.skep.cli.KeysCommand;
import dev.skep.cli.stack.StackFiles;
import dev.skep.model.Json;
import dev.skep.model.topic.Acl;
import dev.skep.model.topic.Principal;
import dev.skep.model.topic.TopicSpec;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.AclAdmin;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.TopicAdmin;
import dev.skep.testing.Ports;
import dev.skep.testing.RequiresCommand;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import dev.skep.testing.SecuredBroker;
import dev.skep.testing.Shell;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Every service and both agents as processes of their own, configured by their environment alone,
 * each with the keys that it needs and no others, on a broker that lets each do no more than its
 * certificate and the topic table say.
 */
@RequiresEngine
@RequiresImage("haproxy:3.4")
@RequiresCommand("curl")
class StandaloneSuiteIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String ID = "alone-it-" + ProcessHandle.current().pid();
  private static final String HOST = ID + ".localhost";
  private static final String PROXY_DIR = "/edge";

  @TempDir Path dir;

  private final int httpPort = Ports.free();
  private final int httpsPort = Ports.free();
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Alone> suite = new ArrayList<>();
  private SecuredBroker kafka;

  @AfterEach
  void removeWhatIsLeft() throws Exception {
    suite.forEach(Alone::close);
    http.close();
    if (kafka != null) {
      kafka.close();
    }
    Shell.run(List.of("docker", "service", "rm", ID + "_web"), Map.of());
    Shell.run(List.of("docker", "rm", "-f", ID), Map.of());
    await()
        .atMost(SOON)
        .until(
            () -> {
              Shell.run(List.of("docker", "config", "rm", ID + "_web"), Map.of());
              Shell.run(List.of("docker", "network", "rm", ID), Map.of());
              return !Shell.ok("docker", "network", "ls", "--format", "{{.Name}}").contains(ID);
            });
  }

  @Test
  void processesOfTheirOwnServeALabelledServiceOverHttpsAndEndInOrder() throws Exception {
    kafka = SecuredBroker.start(dir.resolve("broker"));
    Shell.ok("docker", "network", "create", "-d", "overlay", "--attachable", ID);
    startEverything();
    Alone deployer = named("deployer");
    try (ApiClient api = new ApiClient(deployer.port, Alone.TOKEN)) {
      StackFiles.deploy(api, ID, List.of(stackFile()), SOON, step -> {});
    }
    Path ca = dir.resolve("ca.pem");
    Files.writeString(ca, named("cert").get(http, "/api/ca.pem").body());

    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(curl(ca)).contains("I am " + HOST, "status=200"));
    assertThat(named("monitor").get(http, "/api/routes").body()).contains(HOST);
    adoptStore();
    whatNobodyCanReadIsPutAsideByEveryReader();

    for (Alone service : suite.reversed()) {
      assertThat(service.end()).as("exit code of " + service.name).isIn(0, 143);
      assertThat(service.log())
          .as("log of " + service.name)
          .contains("Started", "Ended")
          .doesNotContain("\tat ", "Exception", "PRIVATE KEY", Alone.TOKEN)
          .doesNotContain("Refused; trying on", "ot authorized")
          .as("every endpoint that changes something declares its role")
          .doesNotContain("declares no role");
    }
    assertThat(curl(ca)).as("the edge serves without any of them").contains("status=200");
  }

  /** A command crosses from one service's front door to another one's hands. */
  private void adoptStore() throws Exception {
    try (ApiClient api = new ApiClient(named("edge-config").port, Alone.TOKEN)) {
      ObjectNode body = Json.mapper().createObjectNode().put("edge", ID);
      assertThat(api.post("/api/edges/adopt", body, Map.of()).status()).isEqualTo(202);
    }
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(named("edge-agent").log()).contains("Command folded"));
  }

  /**
   * Each reader of each topic meets a record that it must refuse, and may write down that it did.
   */
  private void whatNobodyCanReadIsPutAsideByEveryReader() throws Exception {
    Set<String> expected = new TreeSet<>();
    try (AdminRecords records = new AdminRecords(admin())) {
      for (TopicSpec topic : Topics.all()) {
        if (topic.equals(Topics.DEAD_LETTERS)) {
          continue;
        }
        boolean commands = topic.equals(Topics.COMMANDS);
        for (String key : commands ? List.of("deployer", "edge") : List.of("key")) {
          records.write(topic.name(), key, "unreadable");
        }
        for (Principal reader : topic.readers()) {
          boolean perEdge = commands && reader == Principal.EDGE_AGENT;
          expected.add(topic.name() + " " + reader.id() + (perEdge ? "-" + ID : ""));
        }
      }
      // It reads its own topics when it starts.
      Alone inventory = named("inventory");
      assertThat(inventory.end()).isIn(0, 143);
      suite.remove(inventory);
      start("inventory", dev.skep.inventory.Main.class, Map.of());
      await().atMost(SOON).until(() -> named("inventory").ready(http));

      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(records.deadLetters()).isEqualTo(expected));
    }
  }

  /** In no order, and before there is anything on the broker: they wait for topics and rights. */
  private void startEverything() throws Exception {
    Path edgeDir = Files.createDirectories(dir.resolve("edge"));
    Path edgeKeys = Files.createDirectories(dir.resolve("keys-edge"));
    Path certKeys = Files.createDirectories(dir.resolve("keys-cert"));
    Path deployerKeys = Files.createDirectories(dir.resolve("keys-deployer"));
    makeKeys(edgeKeys);
    Files.move(edgeKeys.resolve("edge-public.json"), certKeys.resolve("edge-public.json"));
    start(
        "edge-agent",
        dev.skep.edge.Main.class,
        Map.of(
            "SKEP_EDGE_NAME",
            ID,
            "SKEP_EDGE_DIR",
            edgeDir.toString(),
            "SKEP_EDGE_PROXY_DIR",
            PROXY_DIR,
            "SKEP_EDGE_OWNER_UID",
            "99",
            "SKEP_EDGE_PUBLIC_HTTP_PORT",
            Integer.toString(httpPort),
            "SKEP_EDGE_PUBLIC_HTTPS_PORT",
            Integer.toString(httpsPort),
            "SKEP_EDGE_HAPROXY_CONTAINER",
            ID,
            "SKEP_KEYS_DIR",
            edgeKeys.toString()));
    start("node-agent", dev.skep.inventory.agent.Main.class, Map.of());
    start("inventory", dev.skep.inventory.Main.class, Map.of());
    start(
        "deployer", dev.skep.deployer.Main.class, Map.of("SKEP_KEYS_DIR", deployerKeys.toString()));
    start("edge-config", dev.skep.edgeconfig.Main.class, Map.of("SKEP_EDGE_NETWORK", ID));
    start("cert", dev.skep.cert.Main.class, Map.of("SKEP_KEYS_DIR", certKeys.toString()));
    start("monitor", dev.skep.monitor.Main.class, Map.of());
    for (Alone service : suite) {
      await(service.name + " waits").atMost(SOON).until(() -> service.waits(http));
    }
    TopicAdmin.ensure(admin(), Topics.all());
    AclAdmin.ensure(admin(), Acl.all());
    await().atMost(SOON).until(() -> Files.exists(edgeDir.resolve("haproxy.cfg")));
    startHaproxy(edgeDir);
    for (Alone service : suite) {
      await(service.name + " is ready").atMost(SOON).until(() -> service.ready(http));
    }
  }

  private static void makeKeys(Path dir) {
    assertThat(new CommandLine(new KeysCommand()).execute(dir.toString())).isZero();
  }

  private void start(String name, Class<?> main, Map<String, String> environment)
      throws IOException {
    Map<String, String> env = new TreeMap<>(environment);
    env.put("SKEP_KAFKA_CREATE_TOPICS", "wait");
    kafka
        .client(name)
        .forEach(
            (key, value) ->
                env.put("SKEP_KAFKA_" + key.toUpperCase(Locale.ROOT).replace('.', '_'), value));
    suite.add(new Alone(name, main, dir, kafka.bootstrapServers(), env));
  }

  private KafkaConfig admin() {
    return new KafkaConfig(kafka.bootstrapServers(), kafka.client("admin"));
  }

  private void startHaproxy(Path edgeDir) throws Exception {
    Shell.ok(
        "docker",
        "run",
        "-d",
        "--name",
        ID,
        "--network",
        ID,
        "-p",
        "127.0.0.1:" + httpPort + ":80",
        "-p",
        "127.0.0.1:" + httpsPort + ":443",
        "-v",
        edgeDir + ":" + PROXY_DIR,
        "haproxy:3.4",
        "haproxy",
        "-W",
        "-db",
        "-S",
        PROXY_DIR + "/run/master.sock",
        "-f",
        PROXY_DIR + "/haproxy.cfg");
  }

  private Path stackFile() throws IOException {
    Files.writeString(
        dir.resolve("web.cfg"),
        """
        defaults
          mode http
          timeout client 5s
        frontend web
          bind :8080
          http-request return status 200 content-type text/plain lf-string "I am %[req.hdr(host)]"
        """);
    return Files.writeString(
        dir.resolve("stack.yml"),
        """
        services:
          web:
            image: haproxy:3.4
            command: ["haproxy", "-db", "-f", "/etc/web.cfg"]
            stop_grace_period: 1s
            configs: [{source: web, target: /etc/web.cfg}]
            networks: [edge]
            deploy:
              labels:
                - traefik.enable=true
                - traefik.http.routers.NAME.rule=Host(`NAME.localhost`)
                - traefik.http.routers.NAME.entrypoints=websecure
                - traefik.http.routers.NAME.tls=true
                - traefik.http.services.NAME.loadbalancer.server.port=8080
        networks:
          edge: {external: true, name: NAME}
        configs:
          web: {file: ./web.cfg}
        """
            .replace("NAME", ID));
  }

  private Alone named(String name) {
    return suite.stream().filter(s -> s.name.equals(name)).findFirst().orElseThrow();
  }

  private String curl(Path ca) throws Exception {
    return Shell.run(
            List.of(
                "curl",
                "-sS",
                "--max-time",
                "5",
                "--cacert",
                ca.toString(),
                "--resolve",
                HOST + ":" + httpsPort + ":127.0.0.1",
                "-w",
                "\nstatus=%{http_code}\n",
                "https://" + HOST + ":" + httpsPort + "/"),
            Map.of())
        .output();
  }
}
