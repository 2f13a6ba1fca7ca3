package dev.skep.deployer.convert;

import static java.util.Map.entry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** Pieces of compose files, key by key, for {@link RandomStack}. All are YAML's flow forms. */
final class StackFragments {
  static final List<String> VERSIONS =
      List.of("", "version: '3'\n", "version: '3.13'\n", "version: ''\n");

  static final List<String> IMAGES =
      List.of(
          "a",
          "nginx:1.27",
          "docker.io/library/redis",
          "localhost:5000/a/b:c",
          "\"a:${DT_TAG}\"",
          "\"${DT_UNSET:-ghcr.io/x/y}\"",
          "busybox@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");

  /** Values that stand for a text or number, for environments and labels. */
  static final List<String> SCALARS =
      List.of(
          "text",
          "\"quoted\"",
          "'it''s'",
          "12",
          "-3",
          "0x1f",
          "0o17",
          "0777",
          "1.50",
          "1e3",
          "1e6",
          "1_000",
          "~",
          "''",
          "$DT_SET",
          "\"${DT_UNSET:-x}\"",
          "\"$$x\"",
          "y",
          "no",
          "1:30",
          "\"tab\\there\"",
          "v1.2.3",
          "é",
          "a b",
          "'http://x:80/y?z=1'",
          "123456789",
          "0.00001",
          "\"${DT_SET:?needed}\"",
          "\"a\\nb\"",
          "\"{{.Node.Hostname}}\"",
          "a=b",
          "08",
          "-.5",
          ".5");

  static final List<String> NAMES = List.of("a", "B", "c.d", "DT_SET", "DT_UNSET", "f-g", "_h");

  /** The same as lists have them. */
  static final List<String> PAIRS =
      List.of(
          "a=1",
          "a=2",
          "B",
          "c.d=x=y",
          "DT_SET",
          "DT_EMPTY=",
          "DT_UNSET",
          "\"f-g=${DT_TAG}\"",
          "\"_h= x \"",
          "'a=$$b'");

  /** Keys with the forms that their values may have. */
  static final Map<String, List<String>> VALUES =
      new TreeMap<>(
          Map.ofEntries(
              entry(
                  "command",
                  List.of(
                      "run it",
                      "\"sh -c 'a b' \\\"c\\\"\"",
                      "[a, 'b c']",
                      "[]",
                      "''",
                      "[\"$$A\"]")),
              entry("entrypoint", List.of("/e", "[/e, -x]", "\"\"", "\"${DT_UNSET:-/x y}\"")),
              entry("env_file", List.of("files/first.env", "[files/first.env, files/second.env]")),
              entry("hostname", List.of("h", "\"{{.Task.Slot}}\"", "''", "\"${DT_SET}\"")),
              entry("user", List.of("root", "'1000:1000'", "''")),
              entry("working_dir", List.of("/w", "''", "\"/${DT_SET}\"")),
              entry("init", List.of("true", "false")),
              entry("tty", List.of("true", "false", "\"${DT_YES}\"", "\"${DT_NO}\"")),
              entry("stdin_open", List.of("true", "false")),
              entry("read_only", List.of("true", "false", "\"${DT_ON}\"")),
              entry("stop_signal", List.of("SIGINT", "''", "'9'")),
              entry("stop_grace_period", List.of("5s", "1m30s", "0s", "1h2m3.5s", "500ms")),
              entry("isolation", List.of("default", "process", "''")),
              entry(
                  "restart",
                  List.of(
                      "'no'", "always", "unless-stopped", "on-failure", "'on-failure:3'", "''")),
              entry("dns", List.of("8.8.8.8", "[8.8.8.8, 9.9.9.9]", "[]", "'2001:db8::1'")),
              entry("dns_search", List.of("x.example", "[a, b]", "[]")),
              entry(
                  "logging",
                  List.of(
                      "{driver: json-file, options: {max-size: 10m, max-file: 3}}",
                      "{driver: syslog, options: {a: , b: 1.5}}",
                      "{options: {c: d}}")),
              entry(
                  "ulimits",
                  List.of(
                      "{nofile: 5}",
                      "{nofile: {soft: 1, hard: 2}, core: 0}",
                      "{nproc: -1, core: \"${DT_NUMBER}\"}",
                      "{}")),
              entry(
                  "extra_hosts",
                  List.of("['a:1.2.3.4', 'b=::1', 'c:[::2]']", "{z: 1.1.1.1, y: '[::1]', x: }")),
              entry("credential_spec", List.of("{file: f.json}", "{registry: r}", "{config: one}")),
              entry("privileged", List.of("true", "false")),
              entry("build", List.of(".", "{context: ., args: [a=1]}")),
              entry("depends_on", List.of("[]")),
              entry("x-note", List.of("1", "{a: [b]}"))));

  /** Keys with the items of their lists. */
  static final Map<String, List<String>> LISTS =
      new TreeMap<>(
          Map.of(
              "cap_add",
              List.of("NET_ADMIN", "CAP_CHOWN", "mknod", "ALL", "RESET"),
              "cap_drop",
              List.of("ALL", "CHOWN", "net_raw", "CAP_MKNOD"),
              "volumes",
              List.of(
                  "'data:/data'",
                  "'data:/ro:ro,nocopy'",
                  "/anonymous",
                  "'./rel:/rel:rslave'",
                  "'~/home:/home:rw'",
                  "'/host:/host:ro,z'",
                  "'ext:/ext'",
                  "{type: volume, source: data, target: /long, read_only: true}",
                  "{type: volume, source: named, target: /sub, volume: {subpath: a, nocopy: true}}",
                  "{type: bind, source: ../up, target: /up, bind: {propagation: rshared}}",
                  "{type: tmpfs, target: /tmp, tmpfs: {size: 1024}}",
                  "{type: tmpfs, target: /tmp2}",
                  "{type: volume, target: \"/${DT_SET}\", read_only: \"${DT_YES}\"}"),
              "secrets",
              List.of("one", "{source: two, target: t2, mode: 0400, uid: '5'}", "ext", "named"),
              "configs",
              List.of(
                  "one", "{source: two, target: /etc/two, mode: 292, gid: '5'}", "ext", "named"),
              "security_opt",
              List.of("a", "b")));

  /** Keys with mappings, or lists, of entries. */
  static final Map<String, List<String>> ENTRIES =
      new TreeMap<>(Map.of("environment", NAMES, "labels", NAMES, "sysctls", NAMES));

  static final Map<String, List<String>> HEALTHCHECK =
      new TreeMap<>(
          Map.of(
              "test", List.of("curl x", "[CMD, a, b]", "[CMD-SHELL, 'a || b']", "''"),
              "interval", List.of("5s", "0s", "1m30s"),
              "timeout", List.of("3s", "1.5s"),
              "retries", List.of("3", "0", "\"${DT_NUMBER}\""),
              "start_period", List.of("10s"),
              "start_interval", List.of("2s", "100ms")));

  static final Map<String, List<String>> UPDATE =
      new TreeMap<>(
          Map.of(
              "parallelism", List.of("0", "1", "2", "\"${DT_NUMBER}\""),
              "delay", List.of("0s", "5s", "1m"),
              "failure_action", List.of("pause", "continue", "''"),
              "monitor", List.of("5s", "0s"),
              "max_failure_ratio", List.of("0", "0.3", "1", "1.0", "\"${DT_FLOAT}\""),
              "order", List.of("start-first", "stop-first")));

  static final List<String> REPLICAS = List.of("0", "1", "3", "2.0", "\"${DT_NUMBER}\"");

  static final Map<String, List<String>> DEPLOY =
      new TreeMap<>(
          Map.of(
              "endpoint_mode",
              List.of("vip", "dnsrr", "VIP", "''"),
              "restart_policy",
              List.of(
                  "{condition: any, delay: 5s}",
                  "{condition: on-failure, max_attempts: 3, window: 1m}",
                  "{max_attempts: 0, delay: 0s}",
                  "{}"),
              "placement",
              List.of(
                  "{constraints: [node.role == manager]}",
                  "{constraints: ['node.labels.a==b', \"node.labels.c!=${DT_SET}\"]}",
                  "{preferences: [{spread: node.labels.zone}], max_replicas_per_node: 2}",
                  "{}")));

  static final List<String> NETWORKS = List.of("front", "back", "default", "ext", "named");

  static final List<String> ATTACHMENTS =
      List.of("~", "{}", "{aliases: [x, y]}", "{aliases: []}", "{aliases: [\"${DT_SET}\"]}");

  /** With distinct published ports, which is what files are merged by. */
  static final List<String> PUBLISHED =
      List.of(
          "'8080:80'",
          "'127.0.0.1:8081:81'",
          "'8082:82/udp'",
          "'8083-8085:83-85'",
          "'8086-8087:86'",
          "{target: 88, published: 8088, mode: host}",
          "{target: 89, published: 8089, protocol: udp}",
          "\"${DT_UNSET:-8090}:90\"",
          "'8091:91/sctp'");

  static final List<String> PORTS = join(PUBLISHED, List.of("80", "'81'", "{target: 82}", "'5-7'"));

  static final Map<String, Map<String, List<String>>> OBJECTS =
      new TreeMap<>(
          Map.of(
              "networks",
              sorted(
                  entry(
                      "front",
                      List.of("", "{}", "{driver: overlay, attachable: true, labels: [a=b]}")),
                  entry(
                      "back",
                      List.of("{internal: true}", "{driver_opts: {encrypted: '', mtu: 1400}}")),
                  entry("ext", List.of("{external: true}", "{external: {name: elsewhere}}")),
                  entry(
                      "named",
                      List.of(
                          "{name: own-net}",
                          "{name: \"n-${DT_SET}\", ipam: {config: [{subnet: 10.9.0.0/24}]}}")),
                  entry("default", List.of("", "{driver: overlay}", "{labels: {a: 1}}"))),
              "volumes",
              sorted(
                  entry("data", List.of("", "{}", "{driver: nfs, driver_opts: {o: 'a,b', n: 3}}")),
                  entry("ext", List.of("{external: true}", "{external: true, name: own}")),
                  entry(
                      "named",
                      List.of("{name: own-volume, labels: {a: , b: 1}}", "{name: \"${DT_SET}\"}"))),
              "secrets",
              sorted(
                  entry(
                      "one",
                      List.of("{file: files/password.txt}", "{file: ./files/hello.txt, name: s1}")),
                  entry(
                      "two",
                      List.of("{file: files/hello.txt, labels: {a: b}}", "{external: true}")),
                  entry("ext", List.of("{external: true}", "{external: true, name: s-own}")),
                  entry(
                      "named",
                      List.of("{file: files/hello.txt, name: \"s-${DT_TAG}\"}", "{driver: v}"))),
              "configs",
              sorted(
                  entry(
                      "one",
                      List.of("{file: files/hello.txt}", "{file: files/hello.txt, labels: [x]}")),
                  entry("two", List.of("{file: files/hello.txt, template_driver: golang}")),
                  entry("ext", List.of("{external: true}", "{external: {name: c-own}}")),
                  entry("named", List.of("{file: files/hello.txt, name: \"c-${DT_TAG}\"}")))));

  private static final List<String> CPUS = List.of("'0.5'", "'1'", "'.25'", "\"${DT_FLOAT}\"");
  private static final List<String> MEMORY = List.of("64M", "1.5g", "10kib", "\"1048576\"", "5 MB");

  private StackFragments() {}

  /** The same order in each run, which is what makes a seed mean something. */
  @SafeVarargs
  private static <V> Map<String, V> sorted(Map.Entry<String, V>... entries) {
    Map<String, V> result = new TreeMap<>();
    for (Map.Entry<String, V> one : entries) {
      result.put(one.getKey(), one.getValue());
    }
    return result;
  }

  static List<String> modes(boolean global) {
    return global ? List.of("global") : List.of("replicated", "''", "replicated-job");
  }

  /** Limits and reservations of any of these. */
  static Map<String, List<String>> resources(Function<List<String>, String> pick) {
    Map<String, List<String>> result = new LinkedHashMap<>();
    result.put(
        "limits",
        List.of(
            "{cpus: %s, memory: %s}".formatted(pick.apply(CPUS), pick.apply(MEMORY)),
            "{pids: 5}",
            "{memory: %s, pids: 0}".formatted(pick.apply(MEMORY)),
            "{}"));
    result.put(
        "reservations",
        List.of(
            "{cpus: %s}".formatted(pick.apply(CPUS)),
            "{memory: %s}".formatted(pick.apply(MEMORY)),
            "{generic_resources: [{discrete_resource_spec: {kind: gpu, value: 2}}]}"));
    return result;
  }

  private static List<String> join(List<String> some, List<String> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }
}
