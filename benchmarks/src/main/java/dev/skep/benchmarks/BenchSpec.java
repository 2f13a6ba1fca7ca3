package dev.skep.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.model.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The benchmark's application: HAProxy itself, answering with its host name. */
final class BenchSpec {
  /** The label that a round changes. */
  static final String RULE = "traefik.http.routers.bench.rule";

  private static final String CONFIG = "bench-route-latency-cfg";
  private static final String NETWORK = "skep-edge";
  private static final String APPLICATION =
      """
      defaults
        mode http
        timeout client 10s
        timeout server 10s
        timeout connect 5s
      frontend web
        bind :8080
        http-request return status 200 content-type text/plain lf-string "Hostname: %[hostname]\\n"
      """;

  private BenchSpec() {}

  /** The service with one task, on the edge's network. */
  static ObjectNode service(EngineClient engine, String name, String host) {
    ObjectNode spec =
        parse(
            """
            {"Name":"%s",
             "Labels":{"traefik.enable":"true","%s":"Host(`%s`)",
               "traefik.http.routers.bench.entrypoints":"web",
               "traefik.http.services.bench.loadbalancer.server.port":"8080"},
             "TaskTemplate":{"ContainerSpec":{"Image":"haproxy:3.4","StopSignal":"SIGUSR1",
               "StopGracePeriod":1000000000,
               "Configs":[{"ConfigID":"%s","ConfigName":"%s","File":{
                 "Name":"/usr/local/etc/haproxy/haproxy.cfg","UID":"0","GID":"0","Mode":292}}]},
               "Networks":[{"Target":"%s"}]},
             "Mode":{"Replicated":{"Replicas":1}},
             "EndpointSpec":{"Mode":"dnsrr"}}
            """
                .formatted(name, RULE, host, config(engine), CONFIG, NETWORK));
    return spec;
  }

  /** Removes the application's config, once no task holds it. */
  static void removeConfig(EngineClient engine) {
    try {
      engine.removeConfig(CONFIG);
    } catch (EngineException e) {
      if (!e.isNotFound()) {
        throw e;
      }
    }
  }

  private static String config(EngineClient engine) {
    for (JsonNode config : engine.configs()) {
      if (config.path("Spec").path("Name").asText().equals(CONFIG)) {
        return config.path("ID").asText();
      }
    }
    ObjectNode body =
        Json.mapper()
            .createObjectNode()
            .put("Name", CONFIG)
            .put(
                "Data",
                Base64.getEncoder().encodeToString(APPLICATION.getBytes(StandardCharsets.UTF_8)));
    return engine.createConfig(body).path("ID").asText();
  }

  private static ObjectNode parse(String json) {
    try {
      return (ObjectNode) Json.mapper().readTree(json);
    } catch (IOException e) {
      throw new IllegalStateException("the template is no JSON", e);
    }
  }
}
