package dev.skep.edge.vip;

import static dev.skep.edge.vip.Docker.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An edge machine: keepalived in a container that has its own address, and HAProxy in the same
 * network namespace; both see one directory, as on an edge node.
 */
final class VipEdge implements AutoCloseable {
  static final String IMAGE = "skep/keepalived:0.1.0";
  private static final int HAPROXY = 99;

  private final String name;
  private final Path dir;

  /**
   * Starts keepalived.
   *
   * @param addresses one of a family
   */
  VipEdge(String name, String network, List<String> addresses, Path dir, List<String> environment)
      throws IOException {
    this.name = name;
    this.dir = dir;
    for (Path d : List.of(dir, dir.resolve("run"))) {
      Files.createDirectories(d);
      Files.setAttribute(d, "unix:uid", HAPROXY);
    }
    // What an agent writes once it has seen the store.
    Files.writeString(dir.resolve("state.json"), "{}\n");
    Files.writeString(
        dir.resolve("haproxy.cfg"),
        """
        global
            log stdout format raw local0 notice
        defaults
            mode http
            timeout client 5s
        frontend skep-health
            bind unix@/var/lib/skep-edge/run/health.sock mode 600
            monitor-uri /
        frontend web
            bind %s
            http-request return status 200 content-type text/plain string "%s"
        """
            .formatted(addresses.size() > 1 ? ":::8080 v4v6" : ":8080", name));
    List<String> run =
        new ArrayList<>(
            List.of("run", "-d", "--name", name, "--hostname", name, "--network", network));
    addresses.forEach(a -> run.addAll(List.of(a.contains(":") ? "--ip6" : "--ip", a)));
    run.addAll(List.of("--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL"));
    for (String right : List.of("NET_ADMIN", "NET_RAW", "SETUID", "SETGID")) {
      run.addAll(List.of("--cap-add", right));
    }
    environment.forEach(e -> run.addAll(List.of("-e", e)));
    run.addAll(List.of("-v", dir + ":/var/lib/skep-edge:ro", IMAGE));
    docker(run.toArray(String[]::new));
  }

  String name() {
    return name;
  }

  void startHaproxy() {
    docker(
        "run",
        "-d",
        "--name",
        name + "-haproxy",
        "--network",
        "container:" + name,
        "--user",
        HAPROXY + ":" + HAPROXY,
        "-v",
        dir + ":/var/lib/skep-edge",
        "haproxy:3.4",
        "haproxy",
        "-f",
        "/var/lib/skep-edge/haproxy.cfg");
  }

  boolean holds(String address) {
    Docker.Result result = Docker.run("exec", name, "ip", "-o", "address", "show", "to", address);
    return result.exitCode() == 0 && !result.output().isBlank();
  }

  void drain() throws IOException {
    Files.createFile(dir.resolve("run/draining"));
  }

  void serveAgain() throws IOException {
    Files.delete(dir.resolve("run/draining"));
  }

  /** How often keepalived has said that it stands by. */
  long standsBy() {
    return docker("logs", name).lines().filter(l -> l.contains("Entering BACKUP STATE")).count();
  }

  @Override
  public void close() {
    docker("rm", "-f", "-v", name, name + "-haproxy");
  }
}
