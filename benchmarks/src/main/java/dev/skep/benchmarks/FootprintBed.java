package dev.skep.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A network with a real broker, and services' images that run on it as in the stack. */
final class FootprintBed implements AutoCloseable {
  static final String NAME = "bench-footprint";
  static final String KAFKA = NAME + "-kafka";
  static final String HAPROXY = NAME + "-haproxy";
  private static final String KAFKA_IMAGE = "apache/kafka:4.3.1";
  private static final String EDGE = "/var/lib/skep-edge";
  private static final String PASSWORD = "footprint";

  private final Path dir;
  private final String images;
  private final String version;
  private final List<String> containers = new ArrayList<>();

  FootprintBed(String images, String version) throws IOException {
    this.images = images;
    this.version = version;
    this.dir = Files.createTempDirectory(NAME);
    // Containers read it as other users; what lies there is made for this run.
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Starts the broker and makes the topics. */
  void open() throws Exception {
    Docker.remove(List.of(KAFKA, HAPROXY));
    try {
      Docker.run("network", "create", NAME);
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("already exists")) {
        throw e;
      }
    }
    makeCertificate();
    Files.writeString(dir.resolve("token"), "footprint");
    List<String> run = new ArrayList<>(List.of("run", "-d", "--name", KAFKA, "--network", NAME));
    run.addAll(
        List.of("--hostname", "kafka", "--network-alias", "kafka", "-v", dir + ":/bench:ro"));
    broker().forEach((k, v) -> run.addAll(List.of("-e", k + "=" + v)));
    run.add(KAFKA_IMAGE);
    containers.add(KAFKA);
    Docker.run(run);
    Docker.run(service("cli", NAME + "-init", List.of("--rm"), List.of("skep", "kafka-init")));
    Docker.run(
        service(
            "cli",
            NAME + "-keys",
            List.of("--rm", "--user", "0:0"),
            List.of("skep", "keys", "/bench/keys")));
    try (var keys = Files.list(dir.resolve("keys"))) {
      for (Path key : keys.toList()) {
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
      }
    }
  }

  /** Starts an image of ours; returns its container's name. */
  String start(String image) throws IOException {
    String name = NAME + "-" + image;
    containers.add(name);
    Docker.remove(List.of(name));
    Docker.run(service(image, name, List.of("-d"), List.of()));
    return name;
  }

  /** HAProxy on what the edge agent wrote: it is ready only when that runs. */
  void startHaproxy(String agent) throws IOException, InterruptedException {
    long end = System.nanoTime() + 30_000_000_000L;
    while (true) {
      try {
        Docker.run("exec", agent, "test", "-e", EDGE + "/haproxy.cfg");
        break;
      } catch (IOException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        Thread.sleep(50);
      }
    }
    containers.add(HAPROXY);
    Docker.run(
        List.of(
            "run",
            "-d",
            "--name",
            HAPROXY,
            "--network",
            NAME,
            "-v",
            NAME + "-edge:" + EDGE,
            "haproxy:3.4",
            "haproxy",
            "-W",
            "-db",
            "-S",
            EDGE + "/run/master.sock",
            "-f",
            EDGE + "/haproxy.cfg"));
  }

  /** Milliseconds of each of {@code times} runs of a command within the command line's image. */
  List<Double> commandLine(int times) throws IOException {
    Files.writeString(dir.resolve("stack.yml"), "services: {web: {image: 'web:1'}}\n");
    String loop =
        """
        TIMEFORMAT=%3R
        for i in {0..TIMES}; do
          { time skep stack convert -c /bench/stack.yml bench --json >/dev/null; } 2>&1
        done
        """
            .replace("TIMES", Integer.toString(times));
    String output =
        Docker.run(service("cli", NAME + "-time", List.of("--rm"), List.of("bash", "-c", loop)));
    // The first one reads from the disk.
    return output.lines().skip(1).map(s -> Double.parseDouble(s) * 1000).toList();
  }

  private List<String> service(
      String image, String name, List<String> options, List<String> arguments) throws IOException {
    List<String> run = new ArrayList<>(List.of("run", "--name", name, "--network", NAME));
    run.addAll(options);
    run.addAll(
        List.of("--read-only", "--cap-drop", "ALL", "--tmpfs", "/tmp", "-v", dir + ":/bench"));
    client().forEach((k, v) -> run.addAll(List.of("-e", k + "=" + v)));
    if (image.equals("edge-agent")) {
      run.addAll(List.of("-v", NAME + "-edge:" + EDGE, "-e", "SKEP_EDGE_NAME=bench"));
    }
    if (List.of("inventory-service", "node-agent", "deployer-service").contains(image)) {
      run.addAll(List.of("-v", "/var/run/docker.sock:/var/run/docker.sock:ro", "--group-add"));
      Object group =
          Files.getAttribute(
              Path.of("/var/run/docker.sock"), "unix:gid", LinkOption.NOFOLLOW_LINKS);
      run.add(group.toString());
    }
    String javaOptions = System.getenv("SKEP_JAVA_OPTIONS");
    if (javaOptions != null) {
      run.addAll(List.of("-e", "SKEP_JAVA_OPTIONS=" + javaOptions));
    }
    run.add(images + "/" + image + ":" + version);
    run.addAll(arguments);
    return run;
  }

  private static Map<String, String> client() {
    return Map.ofEntries(
        Map.entry("SKEP_KAFKA_BOOTSTRAP", "kafka:9092"),
        Map.entry("SKEP_KAFKA_SECURITY_PROTOCOL", "SSL"),
        Map.entry("SKEP_KAFKA_SSL_KEYSTORE_TYPE", "PEM"),
        Map.entry("SKEP_KAFKA_SSL_KEYSTORE_LOCATION", "/bench/kafka.pem"),
        Map.entry("SKEP_KAFKA_SSL_TRUSTSTORE_TYPE", "PEM"),
        Map.entry("SKEP_KAFKA_SSL_TRUSTSTORE_LOCATION", "/bench/ca.pem"),
        Map.entry("SKEP_KAFKA_CREATE_TOPICS", "wait"),
        Map.entry("SKEP_TOKEN_FILE", "/bench/token"),
        Map.entry("SKEP_HTTP_HOST", "0.0.0.0"),
        Map.entry("SKEP_EDGE_KEYS", "/bench/keys/edge.json"),
        Map.entry("SKEP_EDGE_PUBLIC_KEYS", "/bench/keys/edge-public.json"),
        Map.entry("SKEP_CERT_KEYS", "/tmp/cert.json"),
        Map.entry("SKEP_DEPLOYER_KEYS", "/tmp/deployer.json"));
  }

  /** As stack.yml has it: clients by mutual TLS, rights checked. */
  private static Map<String, String> broker() {
    return Map.ofEntries(
        Map.entry("CLUSTER_ID", "Zm9vdHByaW50LWJlbmNobQ"),
        Map.entry("KAFKA_NODE_ID", "1"),
        Map.entry("KAFKA_PROCESS_ROLES", "broker,controller"),
        Map.entry("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@localhost:9093"),
        Map.entry("KAFKA_LISTENERS", "CLIENTS://:9092,CONTROLLER://:9093"),
        Map.entry("KAFKA_ADVERTISED_LISTENERS", "CLIENTS://kafka:9092"),
        Map.entry("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER"),
        Map.entry("KAFKA_INTER_BROKER_LISTENER_NAME", "CLIENTS"),
        Map.entry("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "CLIENTS:SSL,CONTROLLER:SSL"),
        Map.entry("KAFKA_SSL_CLIENT_AUTH", "required"),
        Map.entry("KAFKA_SSL_KEYSTORE_TYPE", "PEM"),
        Map.entry("KAFKA_SSL_KEYSTORE_LOCATION", "/bench/kafka.pem"),
        Map.entry("KAFKA_SSL_TRUSTSTORE_TYPE", "PEM"),
        Map.entry("KAFKA_SSL_TRUSTSTORE_LOCATION", "/bench/ca.pem"),
        Map.entry(
            "KAFKA_AUTHORIZER_CLASS_NAME",
            "org.apache.kafka.metadata.authorizer.StandardAuthorizer"),
        Map.entry("KAFKA_SUPER_USERS", "User:CN=footprint"),
        Map.entry("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false"),
        Map.entry("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1"),
        Map.entry("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "1"),
        Map.entry("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1"),
        Map.entry("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1"),
        Map.entry("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "1"),
        Map.entry("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0"),
        Map.entry("KAFKA_LOG_CLEANER_DEDUPE_BUFFER_SIZE", "2097152"),
        Map.entry("KAFKA_HEAP_OPTS", "-Xms128m -Xmx256m"));
  }

  /** One key pair that everybody shows and trusts. */
  private void makeCertificate() throws Exception {
    Path store = dir.resolve("footprint.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "footprint",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=footprint",
                "-validity",
                "30",
                "-ext",
                "san=dns:kafka,dns:localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool failed: " + output);
    }
    writePem(store);
  }

  private void writePem(Path pkcs12) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(pkcs12)) {
      store.load(in, PASSWORD.toCharArray());
    }
    String key = pem("PRIVATE KEY", store.getKey("footprint", PASSWORD.toCharArray()).getEncoded());
    String certificate = pem("CERTIFICATE", store.getCertificate("footprint").getEncoded());
    Files.writeString(dir.resolve("kafka.pem"), key + certificate);
    Files.writeString(dir.resolve("ca.pem"), certificate);
  }

  private static String pem(String label, byte[] der) {
    byte[] newline = {'\n'};
    String body = Base64.getMimeEncoder(64, newline).encodeToString(der);
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(label, body, label);
  }

  @Override
  public void close() throws IOException {
    Docker.remove(containers);
    Docker.run("network", "rm", NAME);
    Docker.run("volume", "rm", "--force", NAME + "-edge");
    try (var files = Files.walk(dir)) {
      for (Path path : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
