package dev.skep.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.skep.broker.EmbeddedKafka;
import dev.skep.cli.ApiClient;
import dev.skep.cli.KeysCommand;
import dev.skep.cli.stack.StackFiles;
import dev.skep.testing.Ports;
import dev.skep.testing.RequiresCommand;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Every service and both agents as processes of their own, configured by their environment alone,
 * each with the keys that it needs and no others.
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
  private EmbeddedKafka kafka;

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
    kafka = EmbeddedKafka.start(dir.resolve("kafka"), 0);
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

    for (Alone service : suite.reversed()) {
      assertThat(service.end()).as("exit code of " + service.name).isIn(0, 143);
      assertThat(service.log())
          .as("log of " + service.name)
          .contains("Started", "Ended")
          .doesNotContain("\tat ", "Exception", "PRIVATE KEY", Alone.TOKEN);
    }
    assertThat(curl(ca)).as("the edge serves without any of them").contains("status=200");
  }

  /** In no order: whoever comes first makes the topics. */
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
    suite.add(new Alone(name, main, dir, kafka.bootstrapServers(), environment));
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
