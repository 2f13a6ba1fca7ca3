package dev.skep.deployer.compose;

import static java.util.Map.entry;

import dev.skep.deployer.compose.Shape.Anything;
import dev.skep.deployer.compose.Shape.Keys;
import dev.skep.deployer.compose.Shape.Leaf;
import dev.skep.deployer.compose.Shape.ListOf;
import dev.skep.deployer.compose.Shape.MapOf;
import dev.skep.deployer.compose.Shape.OneOf;
import dev.skep.deployer.compose.Shape.ScalarType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a stack file of the versions 3.0 to 3.13 may hold: the CLI's own rules, as a table. */
final class ComposeSchema {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]+");
  private static final Pattern ANY = Pattern.compile(".+", Pattern.DOTALL);
  private static final Pattern ULIMIT = Pattern.compile("[a-z]+");

  private static final Shape TEXT = leaf("a string (put it in quotes)", ScalarType.TEXT);
  private static final Shape WHOLE = leaf("a whole number", ScalarType.WHOLE);
  private static final Shape NUMBER = leaf("a number", ScalarType.WHOLE, ScalarType.REAL);
  private static final Shape FLAG = leaf("true or false", ScalarType.FLAG);
  private static final Shape TIME = leaf("a duration such as \"1m30s\"", ScalarType.TEXT);
  private static final Shape TEXT_OR_NUMBER =
      leaf("a string or a number", ScalarType.TEXT, ScalarType.WHOLE, ScalarType.REAL);
  private static final Shape ENTRY =
      leaf(
          "a string, a number or empty (put it in quotes)",
          ScalarType.TEXT,
          ScalarType.WHOLE,
          ScalarType.REAL,
          ScalarType.NULL);
  private static final Shape TEXT_OR_WHOLE =
      leaf("a string or a whole number", ScalarType.TEXT, ScalarType.WHOLE);

  /** Whose order and repetitions mean something. */
  private static final Shape WORDS = new ListOf(TEXT, false);

  private static final Shape TEXT_OR_WORDS = new OneOf(List.of(TEXT, WORDS));
  private static final Shape TEXTS = new ListOf(TEXT, true);
  private static final Shape TEXT_OR_TEXTS = new OneOf(List.of(TEXT, TEXTS));
  private static final Shape ENTRIES = new OneOf(List.of(new MapOf(ANY, ENTRY), TEXTS));
  private static final Shape OPTIONS = new MapOf(ANY, TEXT_OR_NUMBER);
  private static final Shape EXTERNAL = new OneOf(List.of(FLAG, keys(Map.of("name", TEXT))));

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
                          "mode", TEXT, "target", WHOLE, "published", WHOLE, "protocol", TEXT)))),
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
                          keys(Map.of("propagation", TEXT, "create_host_path", FLAG)),
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
                      false))),
          true);

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
                              "ipv6_address", TEXT))))));

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
              entry("mode", oneOf("replicated", "global", "replicated-job", "global-job")),
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
                          keys(Map.of("cpus", TEXT, "memory", TEXT, "pids", WHOLE)),
                          "reservations",
                          keys(
                              Map.of(
                                  "cpus",
                                  TEXT,
                                  "memory",
                                  TEXT,
                                  "generic_resources",
                                  GENERIC_RESOURCES))))),
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

  private static final Map<String, String> REFUSED_IN_SERVICES =
      Map.ofEntries(
          entry("extends", "Swarm stacks have no 'extends'; use an anchor, or several files"),
          entry("volume_driver", "name the driver at the top-level volume instead"),
          entry("volumes_from", "share a top-level volume instead"),
          entry("cpu_quota", "set deploy.resources.limits.cpus instead"),
          entry("cpu_shares", "set deploy.resources instead"),
          entry("cpuset", "Swarm cannot pin CPUs; set deploy.resources instead"),
          entry("cpus", "set deploy.resources.limits.cpus instead"),
          entry("mem_limit", "set deploy.resources.limits.memory instead"),
          entry("mem_reservation", "set deploy.resources.reservations.memory instead"),
          entry("memswap_limit", "Swarm has no swap limit; set deploy.resources.limits.memory"),
          entry("pids_limit", "set deploy.resources.limits.pids instead"),
          entry("scale", "set deploy.replicas instead"),
          entry("profiles", "Swarm stacks have no profiles; split the file and use several -c"),
          entry("develop", "it belongs to 'docker compose watch', not to a stack"),
          entry("gpus", "set deploy.resources.reservations.generic_resources instead"),
          entry("platform", "set a placement constraint on node.platform.arch instead"),
          entry("pull_policy", "Swarm pulls as its digest resolution says"),
          entry("runtime", "set the default runtime in the nodes' Engine configuration"));

  /** The keys of a service that Swarm ignores, as the CLI warns of them. */
  static final Set<String> UNSUPPORTED =
      Set.of(
          "build",
          "cgroupns_mode",
          "cgroup_parent",
          "devices",
          "domainname",
          "external_links",
          "ipc",
          "links",
          "mac_address",
          "network_mode",
          "pid",
          "privileged",
          "restart",
          "security_opt",
          "shm_size",
          "userns_mode");

  /** Keys that the CLI calls deprecated and ignores. */
  static final Set<String> DEPRECATED = Set.of("container_name", "expose");

  /** Keys that the CLI drops without a word; here they are warned about. */
  static final Set<String> DROPPED = Set.of("depends_on", "group_add");

  private static final Shape SERVICE = new Keys(service(), Set.of(), REFUSED_IN_SERVICES, true);

  private static final Shape NETWORK =
      nullable(
          extensible(
              Map.of(
                  "name",
                  TEXT,
                  "driver",
                  TEXT,
                  "driver_opts",
                  OPTIONS,
                  "ipam",
                  keys(
                      Map.of(
                          "driver",
                          TEXT,
                          "config",
                          new ListOf(keys(Map.of("subnet", TEXT)), false))),
                  "external",
                  EXTERNAL,
                  "internal",
                  FLAG,
                  "attachable",
                  FLAG,
                  "labels",
                  ENTRIES)));

  private static final Shape VOLUME =
      nullable(
          extensible(
              Map.of(
                  "name", TEXT,
                  "driver", TEXT,
                  "driver_opts", OPTIONS,
                  "external", EXTERNAL,
                  "labels", ENTRIES)));

  private static final Shape SECRET =
      extensible(
          Map.of(
              "name", TEXT,
              "file", TEXT,
              "external", EXTERNAL,
              "labels", ENTRIES,
              "driver", TEXT,
              "driver_opts", OPTIONS,
              "template_driver", TEXT));

  private static final Shape CONFIG =
      extensible(
          Map.of(
              "name", TEXT,
              "file", TEXT,
              "content", TEXT,
              "external", EXTERNAL,
              "labels", ENTRIES,
              "template_driver", TEXT));

  /** A whole file. */
  static final Shape FILE =
      new Keys(
          Map.of(
              "version", TEXT,
              "services", new MapOf(NAME, SERVICE),
              "networks", new MapOf(NAME, NETWORK),
              "volumes", new MapOf(NAME, VOLUME),
              "secrets", new MapOf(NAME, SECRET),
              "configs", new MapOf(NAME, CONFIG)),
          Set.of(),
          Map.of(
              "name", "a stack is named on the command line, not in the file; remove it",
              "include", "name the files by several -c instead"),
          true);

  /** What {@link SkepSettings#KEY} may hold. */
  static final Shape SETTINGS =
      keys(Map.of("env-file", TEXT, "required", FLAG, "override", nullable(TEXT)));

  private ComposeSchema() {}

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
            "depends_on",
            "devices",
            "external_links",
            "links",
            "security_opt")) {
      keys.put(key, TEXTS);
    }
    for (String key : List.of("command", "entrypoint")) {
      keys.put(key, TEXT_OR_WORDS);
    }
    for (String key : List.of("dns", "dns_search", "env_file", "tmpfs")) {
      keys.put(key, TEXT_OR_TEXTS);
    }
    for (String key : List.of("environment", "labels", "sysctls")) {
      keys.put(key, ENTRIES);
    }
    for (String key : List.of("init", "privileged", "read_only", "stdin_open", "tty")) {
      keys.put(key, FLAG);
    }
    keys.put("build", new Anything());
    keys.put("configs", FILE_REFERENCES);
    keys.put("credential_spec", keys(Map.of("config", TEXT, "file", TEXT, "registry", TEXT)));
    keys.put("deploy", nullable(DEPLOY));
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

  private static Shape leaf(String expected, ScalarType... types) {
    return new Leaf(Set.of(types), List.of(), expected);
  }

  private static Shape oneOf(String... values) {
    return new Leaf(
        Set.of(ScalarType.TEXT), List.of(values), "one of " + String.join(", ", values));
  }

  private static Shape keys(Map<String, Shape> keys) {
    return new Keys(keys, Set.of(), Map.of(), false);
  }

  private static Shape extensible(Map<String, Shape> keys) {
    return new Keys(keys, Set.of(), Map.of(), true);
  }

  private static Shape nullable(Shape shape) {
    return new OneOf(List.of(shape, leaf("empty", ScalarType.NULL)));
  }
}
