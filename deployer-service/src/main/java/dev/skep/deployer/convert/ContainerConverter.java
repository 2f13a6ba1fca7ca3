package dev.skep.deployer.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.compose.ComposeFile;
import dev.skep.deployer.compose.Value;
import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Scalar;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** One service's ContainerSpec, without its image. */
final class ContainerConverter {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String ALL = "ALL";

  /** What a secret or config file has unless told otherwise: r--r--r--. */
  private static final long DEFAULT_MODE = 0444;

  private final ComposeFile file;
  private final Namespace namespace;
  private final MountConverter mounts;

  ContainerConverter(ComposeFile file, Namespace namespace) {
    this.file = file;
    this.namespace = namespace;
    this.mounts = new MountConverter(file, namespace);
  }

  ObjectNode convert(Fields service) {
    Set<String> add = capabilities(service.textsOf("cap_add"));
    Set<String> drop = capabilities(service.textsOf("cap_drop"));
    drop.removeAll(add);
    return new Body()
        .set("Labels", namespace.labels(service.fieldsOf("labels")))
        .texts("Command", service.textsOf("entrypoint"))
        .texts("Args", service.textsOf("command"))
        .text("Hostname", service.text("hostname"))
        .texts("Env", environment(service.fieldsOf("environment")))
        .text("Dir", service.text("working_dir"))
        .text("User", service.text("user"))
        .set("Privileges", privileges(service.fieldsOf("credential_spec")))
        .set("Init", init(service.flag("init")))
        .text("StopSignal", service.text("stop_signal"))
        .flag("TTY", service.flag("tty"))
        .flag("OpenStdin", service.flag("stdin_open"))
        .flag("ReadOnly", service.flag("read_only"))
        .list("Mounts", mounts.convert(service))
        .optional("StopGracePeriod", service.number("stop_grace_period"))
        .set("Healthcheck", healthcheck(service))
        .texts("Hosts", hosts(service.textsOf("extra_hosts")))
        .set("DNSConfig", dns(service))
        .list("Secrets", references(service, "secrets", "Secret"))
        .list("Configs", configs(service))
        .text("Isolation", service.text("isolation"))
        .map("Sysctls", service.fieldsOf("sysctls"))
        .texts("CapabilityAdd", List.copyOf(add))
        .texts("CapabilityDrop", List.copyOf(drop))
        .list("Ulimits", ulimits(service.fieldsOf("ulimits")))
        .number("OomScoreAdj", service.number("oom_score_adj"))
        .done();
  }

  private static JsonNode init(Boolean init) {
    return init == null ? null : JSON.booleanNode(init);
  }

  private static List<String> environment(Fields environment) {
    List<String> result = new ArrayList<>();
    environment
        .fields()
        .forEach(
            (name, field) -> {
              Scalar value = (Scalar) field.value();
              result.add(value.isNull() ? name : name + "=" + value.text());
            });
    // By bytes, as Go sorts.
    result.sort(ContainerConverter::compareBytes);
    return result;
  }

  private static int compareBytes(String a, String b) {
    return java.util.Arrays.compareUnsigned(
        a.getBytes(java.nio.charset.StandardCharsets.UTF_8),
        b.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private ObjectNode privileges(Fields credentials) {
    ObjectNode body = JSON.objectNode();
    if (credentials.fields().keySet().stream().allMatch(k -> credentials.text(k).isEmpty())) {
      body.set("CredentialSpec", JSON.nullNode());
    } else {
      String config = credentials.text("config");
      body.putObject("CredentialSpec")
          .put("Config", config.isEmpty() ? "" : configName(config))
          .put("File", credentials.text("file"))
          .put("Registry", credentials.text("registry"));
    }
    body.set("SELinuxContext", JSON.nullNode());
    return body.put("NoNewPrivileges", false);
  }

  private String configName(String source) {
    Fields object = file.section("configs").getOrDefault(source, ServiceConverter.NOTHING);
    return namespace.nameOf(source, object);
  }

  private static JsonNode healthcheck(Fields service) {
    if (!(service.get("healthcheck") instanceof Fields check)) {
      return null;
    }
    if (Boolean.TRUE.equals(check.flag("disable"))) {
      return new Body().texts("Test", List.of("NONE")).done();
    }
    return new Body()
        .texts("Test", check.textsOf("test"))
        .number("Interval", check.number("interval"))
        .number("Timeout", check.number("timeout"))
        .number("StartPeriod", check.number("start_period"))
        .number("StartInterval", check.number("start_interval"))
        .number("Retries", check.number("retries"))
        .done();
  }

  /** {@code host:address} becomes {@code address host}. */
  private static List<String> hosts(List<String> hosts) {
    return hosts.stream()
        .map(h -> h.substring(h.indexOf(':') + 1) + " " + h.substring(0, h.indexOf(':')))
        .toList();
  }

  private static JsonNode dns(Fields service) {
    List<String> servers = service.textsOf("dns");
    List<String> search = service.textsOf("dns_search");
    // Like the CLI's, an empty list is a list: the Engine takes both alike.
    return service.get("dns") == null && service.get("dns_search") == null
        ? null
        : new Body().texts("Nameservers", servers).texts("Search", search).done();
  }

  private List<ObjectNode> references(Fields service, String section, String prefix) {
    List<ObjectNode> result = new ArrayList<>();
    for (Value item : service.itemsOf(section)) {
      Fields reference = (Fields) item;
      String source = reference.text("source");
      Fields object = file.section(section).getOrDefault(source, ServiceConverter.NOTHING);
      String name = namespace.nameOf(source, object);
      Long mode = reference.number("mode");
      ObjectNode target =
          JSON.objectNode()
              .put("Name", or(reference.text("target"), source))
              .put("UID", or(reference.text("uid"), "0"))
              .put("GID", or(reference.text("gid"), "0"))
              .put("Mode", mode == null ? DEFAULT_MODE : mode);
      result.add(
          new Body()
              .set("File", target)
              .text(prefix + "ID", name)
              .text(prefix + "Name", name)
              .done());
    }
    result.sort(Comparator.comparing(r -> r.path(prefix + "Name").asText()));
    return result;
  }

  private List<ObjectNode> configs(Fields service) {
    List<ObjectNode> result = new ArrayList<>(references(service, "configs", "Config"));
    String credentials = service.fieldsOf("credential_spec").text("config");
    if (!credentials.isEmpty()) {
      String name = configName(credentials);
      result.add(
          new Body()
              .set("Runtime", JSON.objectNode())
              .text("ConfigID", name)
              .text("ConfigName", name)
              .done());
      result.sort(Comparator.comparing(r -> r.path("ConfigName").asText()));
    }
    return result;
  }

  private static String or(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }

  private static List<ObjectNode> ulimits(Fields ulimits) {
    List<ObjectNode> result = new ArrayList<>();
    new TreeMap<>(ulimits.fields())
        .forEach(
            (name, field) -> {
              Fields limit = (Fields) field.value();
              result.add(
                  JSON.objectNode()
                      .put("Name", name)
                      .put("Hard", limit.number("hard"))
                      .put("Soft", limit.number("soft")));
            });
    return result;
  }

  private static Set<String> capabilities(List<String> names) {
    Set<String> result =
        names.stream()
            .map(n -> n.strip().toUpperCase(Locale.ROOT))
            // For the client's own updates alone: it takes all back.
            .filter(n -> !n.equals("RESET"))
            .map(n -> n.equals(ALL) || n.startsWith("CAP_") ? n : "CAP_" + n)
            .collect(Collectors.toCollection(TreeSet::new));
    return result.contains(ALL) ? new TreeSet<>(Set.of(ALL)) : result;
  }
}
