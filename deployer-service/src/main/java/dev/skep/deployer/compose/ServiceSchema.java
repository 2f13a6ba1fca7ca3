package dev.skep.deployer.compose;

import static dev.skep.deployer.compose.Shapes.ANY;
import static dev.skep.deployer.compose.Shapes.ENTRIES;
import static dev.skep.deployer.compose.Shapes.ENTRY;
import static dev.skep.deployer.compose.Shapes.FLAG;
import static dev.skep.deployer.compose.Shapes.NAME;
import static dev.skep.deployer.compose.Shapes.NUMBER;
import static dev.skep.deployer.compose.Shapes.OPTIONS;
import static dev.skep.deployer.compose.Shapes.TEXT;
import static dev.skep.deployer.compose.Shapes.TEXTS;
import static dev.skep.deployer.compose.Shapes.TEXT_OR_NUMBER;
import static dev.skep.deployer.compose.Shapes.TEXT_OR_TEXTS;
import static dev.skep.deployer.compose.Shapes.TEXT_OR_WHOLE;
import static dev.skep.deployer.compose.Shapes.TEXT_OR_WORDS;
import static dev.skep.deployer.compose.Shapes.TIME;
import static dev.skep.deployer.compose.Shapes.WHOLE;
import static dev.skep.deployer.compose.Shapes.WORDS;
import static dev.skep.deployer.compose.Shapes.keys;
import static dev.skep.deployer.compose.Shapes.leaf;
import static dev.skep.deployer.compose.Shapes.nullable;
import static dev.skep.deployer.compose.Shapes.oneOf;
import static dev.skep.deployer.compose.Shapes.oneOfOrEmpty;
import static java.util.Map.entry;

import dev.skep.deployer.compose.Shape.Anything;
import dev.skep.deployer.compose.Shape.Keys;
import dev.skep.deployer.compose.Shape.ListOf;
import dev.skep.deployer.compose.Shape.MapOf;
import dev.skep.deployer.compose.Shape.OneOf;
import dev.skep.deployer.compose.Shape.ScalarType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a service may hold: a part of {@link ComposeSchema}. */
final class ServiceSchema {
  private static final Pattern ULIMIT = Pattern.compile("[a-z]+");

  private static final Shape FILE_REFERENCES =
      new ListOf(
          new OneOf(
              List.of(
                  TEXT,
                  keys(
                      Map.of(
                          "source", TEXT, "target", TEXT, "uid", TEXT, "gid", TEXT, "mode",
                          NUMBER)))),
          false);

  private static final Shape PORTS =
      new ListOf(
          new OneOf(
              List.of(
                  TEXT_OR_WHOLE,
                  keys(
                      Map.of(
                          "name",
                          TEXT,
                          "app_protocol",
                          TEXT,
                          "host_ip",
                          TEXT,
                          "mode",
                          TEXT,
                          "target",
                          WHOLE,
                          "published",
                          new OneOf(List.of(TEXT, WHOLE)),
                          "protocol",
                          TEXT)))),
          true);

  private static final Shape VOLUMES =
      new ListOf(
          new OneOf(
              List.of(
                  TEXT,
                  new Keys(
                      Map.of(
                          "type",
                          TEXT,
                          "source",
                          TEXT,
                          "target",
                          TEXT,
                          "read_only",
                          FLAG,
                          "consistency",
                          TEXT,
                          "bind",
                          keys(
                              Map.of("propagation", TEXT, "create_host_path", FLAG),
                              SwarmKeys.REFUSED_AT_BINDS),
                          "volume",
                          keys(Map.of("nocopy", FLAG, "subpath", TEXT)),
                          "tmpfs",
                          keys(Map.of("size", WHOLE, "mode", WHOLE)),
                          "image",
                          keys(Map.of("subpath", TEXT)),
                          "cluster",
                          keys(Map.of())),
                      Set.of("type"),
                      Map.of(),
                      true))),
          false);

  private static final Shape NETWORK_ATTACHMENTS =
      new OneOf(
          List.of(
              TEXTS,
              new MapOf(
                  NAME,
                  nullable(
                      keys(
                          Map.of(
                              "aliases", TEXTS,
                              "driver_opts", OPTIONS,
                              "ipv4_address", TEXT,
                              "ipv6_address", TEXT),
                          SwarmKeys.REFUSED_AT_ATTACHMENTS)))));

  private static final Shape HEALTHCHECK =
      keys(
          Map.of(
              "disable", FLAG,
              "interval", TIME,
              "retries", NUMBER,
              "test", TEXT_OR_WORDS,
              "timeout", TIME,
              "start_period", TIME,
              "start_interval", TIME));

  private static final Shape UPDATE =
      keys(
          Map.of(
              "parallelism", WHOLE,
              "delay", TIME,
              "failure_action", TEXT,
              "monitor", TIME,
              "max_failure_ratio", NUMBER,
              "order", oneOf("start-first", "stop-first")));

  private static final Shape GENERIC_RESOURCES =
      new ListOf(
          keys(Map.of("discrete_resource_spec", keys(Map.of("kind", TEXT, "value", NUMBER)))),
          false);

  private static final Shape DEPLOY =
      keys(
          Map.ofEntries(
              entry("mode", oneOfOrEmpty("replicated", "global", "replicated-job", "global-job")),
              entry("endpoint_mode", TEXT),
              entry("replicas", WHOLE),
              entry("labels", ENTRIES),
              entry("update_config", UPDATE),
              entry("rollback_config", UPDATE),
              entry(
                  "resources",
                  keys(
                      Map.of(
                          "limits",
                          keys(
                              Map.of(
                                  "cpus", TEXT_OR_NUMBER, "memory", TEXT_OR_WHOLE, "pids", WHOLE)),
                          "reservations",
                          keys(
                              Map.of(
                                  "cpus",
                                  TEXT_OR_NUMBER,
                                  "memory",
                                  TEXT_OR_WHOLE,
                                  "generic_resources",
                                  GENERIC_RESOURCES),
                              SwarmKeys.REFUSED_AT_RESERVATIONS)))),
              entry(
                  "restart_policy",
                  keys(
                      Map.of(
                          "condition", TEXT,
                          "delay", TIME,
                          "max_attempts", WHOLE,
                          "window", TIME))),
              entry(
                  "placement",
                  keys(
                      Map.of(
                          "constraints", WORDS,
                          "preferences", new ListOf(keys(Map.of("spread", TEXT)), false),
                          "max_replicas_per_node", WHOLE)))));

  private static final Shape DEPENDENCIES =
      new OneOf(
          List.of(
              TEXTS,
              new MapOf(
                  NAME,
                  keys(
                      Map.of(
                          "condition",
                          oneOf(
                              "service_started",
                              "service_healthy",
                              "service_completed_successfully"),
                          "required",
                          FLAG,
                          "restart",
                          FLAG)))));

  private static final Shape ENV_FILES =
      new OneOf(
          List.of(
              TEXT,
              new ListOf(
                  new OneOf(
                      List.of(
                          TEXT,
                          new Keys(
                              Map.of("path", TEXT, "required", FLAG, "format", oneOf("raw")),
                              Set.of("path"),
                              Map.of(),
                              true))),
                  true)));

  private static final Shape EXTENDS =
      new OneOf(
          List.of(
              TEXT,
              new Keys(Map.of("service", TEXT, "file", TEXT), Set.of("service"), Map.of(), true)));

  /** A service. */
  static final Shape SERVICE = new Keys(service(), Set.of(), SwarmKeys.REFUSED, true);

  private ServiceSchema() {}

  private static Map<String, Shape> service() {
    Map<String, Shape> keys = new LinkedHashMap<>();
    for (String key :
        List.of(
            "cgroupns_mode",
            "cgroup_parent",
            "container_name",
            "domainname",
            "hostname",
            "image",
            "ipc",
            "isolation",
            "mac_address",
            "network_mode",
            "restart",
            "stop_signal",
            "user",
            "userns_mode",
            "working_dir")) {
      keys.put(key, TEXT);
    }
    for (String key :
        List.of(
            "cap_add",
            "cap_drop",
            "devices",
            "external_links",
            "links",
            "profiles",
            "security_opt")) {
      keys.put(key, TEXTS);
    }
    for (String key : List.of("command", "entrypoint")) {
      keys.put(key, TEXT_OR_WORDS);
    }
    for (String key : List.of("dns", "dns_search", "tmpfs")) {
      keys.put(key, TEXT_OR_TEXTS);
    }
    for (String key : List.of("environment", "labels", "sysctls")) {
      keys.put(key, ENTRIES);
    }
    for (String key : List.of("init", "privileged", "read_only", "stdin_open", "tty")) {
      keys.put(key, FLAG);
    }
    keys.put("attach", FLAG);
    keys.put("build", new Anything());
    keys.put("configs", FILE_REFERENCES);
    keys.put("credential_spec", keys(Map.of("config", TEXT, "file", TEXT, "registry", TEXT)));
    keys.put("depends_on", DEPENDENCIES);
    keys.put("deploy", nullable(DEPLOY));
    keys.put("develop", new Anything());
    keys.put("env_file", ENV_FILES);
    keys.put("extends", EXTENDS);
    // The client sends a number as "%!s(int=1)".
    keys.put("extra_hosts", new OneOf(List.of(new MapOf(ANY, nullable(TEXT)), TEXTS)));
    keys.put("expose", new ListOf(TEXT_OR_NUMBER, true));
    keys.put("group_add", new ListOf(TEXT_OR_NUMBER, true));
    keys.put("healthcheck", HEALTHCHECK);
    keys.put("logging", keys(Map.of("driver", TEXT, "options", new MapOf(ANY, ENTRY))));
    keys.put("networks", NETWORK_ATTACHMENTS);
    keys.put("oom_score_adj", WHOLE);
    keys.put("pid", leaf("a string", ScalarType.TEXT, ScalarType.NULL));
    keys.put("ports", PORTS);
    keys.put("secrets", FILE_REFERENCES);
    keys.put("shm_size", TEXT_OR_NUMBER);
    keys.put("stop_grace_period", TIME);
    keys.put(
        "ulimits",
        new MapOf(
            ULIMIT,
            new OneOf(
                List.of(
                    WHOLE,
                    new Keys(
                        Map.of("hard", WHOLE, "soft", WHOLE),
                        Set.of("hard", "soft"),
                        Map.of(),
                        false)))));
    keys.put("volumes", VOLUMES);
    return keys;
  }
}
