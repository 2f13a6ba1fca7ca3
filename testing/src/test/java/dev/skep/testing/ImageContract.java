package dev.skep.testing;

import java.util.List;
import java.util.Map;

/**
 * What an official image promises to whoever writes a stack file.
 *
 * @param user as the image names it; empty for root
 * @param uid of its process
 * @param workingDir empty where it does not matter
 * @param environment names to what their values end with
 * @param paths that must be there
 */
record ImageContract(
    String image,
    String user,
    int uid,
    List<String> entrypoint,
    List<String> command,
    List<String> ports,
    List<String> volumes,
    String stopSignal,
    String workingDir,
    Map<String, String> environment,
    List<String> paths) {

  private static final String JAVA = "/opt/java/openjdk";
  private static final String CACERT_ENTRY = "/__cacert_entrypoint.sh";

  static List<ImageContract> all() {
    return List.of(debian(), temurin(), haproxy(), kafka(), prometheus(), alertmanager(), node());
  }

  @Override
  public String toString() {
    return image;
  }

  private static ImageContract debian() {
    return new ImageContract(
        "debian:trixie-slim",
        "",
        0,
        List.of(),
        List.of("bash"),
        List.of(),
        List.of(),
        "",
        "",
        Map.of("PATH", ":/bin"),
        List.of("/bin/bash", "/usr/bin/apt-get", "/usr/sbin/useradd"));
  }

  private static ImageContract temurin() {
    return new ImageContract(
        "eclipse-temurin:25-jdk",
        "",
        0,
        List.of(CACERT_ENTRY),
        List.of("jshell"),
        List.of(),
        List.of(),
        "",
        "",
        Map.of("JAVA_HOME", JAVA, "LANG", "UTF-8", "PATH", ":/bin"),
        List.of(CACERT_ENTRY, JAVA + "/bin/jlink", JAVA + "/lib/modules", "/usr/bin/objcopy"));
  }

  private static ImageContract haproxy() {
    return new ImageContract(
        "haproxy:3.4",
        "haproxy",
        99,
        List.of("docker-entrypoint.sh"),
        List.of("haproxy", "-f", "/usr/local/etc/haproxy/haproxy.cfg"),
        List.of(),
        List.of(),
        "SIGUSR1",
        "/var/lib/haproxy",
        Map.of("HAPROXY_VERSION", ""),
        List.of("/usr/local/etc/haproxy", "/usr/local/sbin/haproxy"));
  }

  private static ImageContract kafka() {
    return new ImageContract(
        "apache/kafka:4.3.1",
        "appuser",
        1000,
        List.of(CACERT_ENTRY),
        List.of("/etc/kafka/docker/run"),
        List.of("9092/tcp"),
        List.of("/etc/kafka/secrets", "/mnt/shared/config", "/var/lib/kafka/data"),
        "",
        "",
        Map.of("JAVA_HOME", JAVA, "LANG", "UTF-8"),
        List.of(
            "/bin/bash",
            "/opt/kafka/bin/kafka-server-start.sh",
            "/opt/kafka/bin/kafka-storage.sh",
            "/opt/kafka/config",
            "/opt/kafka/libs/kafka_2.13-4.3.1.jar",
            "/opt/kafka/logs",
            JAVA + "/bin/java"));
  }

  private static ImageContract prometheus() {
    return nobody(
        "prom/prometheus:v3.5.0",
        "/bin/prometheus",
        List.of("--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"),
        "9090/tcp",
        List.of("/prometheus"),
        List.of("/bin/promtool", "/etc/prometheus/prometheus.yml", "/bin/wget"));
  }

  private static ImageContract alertmanager() {
    return nobody(
        "prom/alertmanager:v0.33.0",
        "/bin/alertmanager",
        List.of("--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager"),
        "9093/tcp",
        List.of("/alertmanager"),
        List.of(
            "/bin/amtool",
            "/etc/alertmanager/alertmanager.yml",
            "/etc/ssl/certs/ca-certificates.crt",
            "/bin/wget"));
  }

  private static ImageContract node() {
    return nobody(
        "prom/node-exporter:v1.9.1",
        "/bin/node_exporter",
        List.of(),
        "9100/tcp",
        List.of(),
        List.of("/bin/wget"));
  }

  /** One of the Prometheus family: works in its only volume, as nobody. */
  private static ImageContract nobody(
      String image,
      String program,
      List<String> command,
      String port,
      List<String> volumes,
      List<String> paths) {
    return new ImageContract(
        image,
        "nobody",
        65534,
        List.of(program),
        command,
        List.of(port),
        volumes,
        "",
        volumes.isEmpty() ? "" : volumes.getFirst(),
        Map.of(),
        paths);
  }
}
