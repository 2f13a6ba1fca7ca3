package dev.skep.benchmarks;

import java.util.Locale;

/** The compose file that is deployed: services as people write them, of which no task runs. */
final class DeployFile {
  private static final String HEAD =
      """
      version: "3.8"
      networks:
        net: {driver: overlay}
      services:
      """;

  private DeployFile() {}

  /**
   * The file's text.
   *
   * @param services how many
   * @param changed how many of them, the first ones, are of another version than the others
   */
  static String of(int services, int changed, String image) {
    StringBuilder text = new StringBuilder(HEAD);
    for (int i = 1; i <= services; i++) {
      String name = String.format(Locale.ROOT, "s%04d", i);
      text.append(service(name, image, i <= changed ? "2" : "1", i % 7));
    }
    return text.toString();
  }

  private static String service(String name, String image, String version, int team) {
    return """
      %s:
        image: %s
        command: ["haproxy", "-W", "-f", "/usr/local/etc/haproxy/haproxy.cfg"]
        environment: {VERSION: "%s", LOG_LEVEL: info, LISTEN: "0.0.0.0:8080"}
        networks: [net]
        stop_grace_period: 10s
        healthcheck: {test: ["CMD", "true"], interval: 10s, timeout: 2s, retries: 3}
        deploy:
          replicas: 0
          endpoint_mode: dnsrr
          labels: {traefik.enable: "false", owner: "team-%d"}
          resources: {limits: {cpus: "0.5", memory: 64M}}
          update_config: {parallelism: 2, delay: 5s, order: start-first}
          restart_policy: {condition: on-failure}
    """
        .formatted(name, image, version, team);
  }
}
