package dev.skep.deployer.compose;

import dev.skep.deployer.compose.Value.Field;
import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Items;
import dev.skep.deployer.compose.Value.Scalar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Brings a service's short forms to the long ones, so that files can be merged and converted. */
final class ServiceNormalizer {
  private final FileLoader loader;
  private final Problems problems;
  private final Forms forms;

  ServiceNormalizer(FileLoader loader, Problems problems) {
    this.loader = loader;
    this.problems = problems;
    this.forms = new Forms(problems);
  }

  Fields service(String name, Fields service) {
    warnings(name, service);
    Fields next = service;
    for (String key : List.of("command", "entrypoint")) {
      next = forms.change(next, key, forms::command);
    }
    for (String key : List.of("dns", "dns_search", "env_file")) {
      next = forms.change(next, key, forms::list);
    }
    for (String key : List.of("labels", "sysctls")) {
      next = forms.change(next, key, v -> forms.entries(v, false));
    }
    next = forms.change(next, "tmpfs", this::tmpfs);
    next = environment(next);
    next = forms.change(next, "extra_hosts", this::hosts);
    next = forms.change(next, "ports", this::ports);
    next = forms.change(next, "volumes", this::volumes);
    next = forms.change(next, "secrets", this::references);
    next = forms.change(next, "configs", this::references);
    next = forms.change(next, "networks", this::networks);
    next = forms.change(next, "ulimits", this::ulimits);
    next = forms.change(next, "stop_grace_period", forms::duration);
    next = forms.change(next, "healthcheck", this::healthcheck);
    next = forms.change(next, "deploy", this::deploy);
    next =
        forms.change(
            next,
            "logging",
            l -> forms.change((Fields) l, "options", o -> forms.entries(o, false)));
    return next;
  }

  private void warnings(String name, Fields service) {
    service
        .fields()
        .forEach(
            (key, field) -> {
              String where = "services." + name + "." + key;
              if (key.equals("restart")) {
                problems.warn(
                    field.keyMark(),
                    "'%s' is meant for docker compose; here it only gives the restart policy, set"
                            .formatted(where)
                        + " deploy.restart_policy");
              } else if (ComposeSchema.UNSUPPORTED.contains(key)) {
                problems.warn(
                    field.keyMark(), "'" + where + "' is not supported by Swarm: ignored");
              } else if (ComposeSchema.DEPRECATED.contains(key)) {
                problems.warn(field.keyMark(), "'" + where + "' has no effect in a stack: ignored");
              } else if (ComposeSchema.DROPPED.contains(key)) {
                problems.warn(field.keyMark(), "'" + where + "' is not honoured yet: ignored");
              }
            });
  }

  /** env_file below environment; a name without a value takes that of our own environment. */
  private Fields environment(Fields service) {
    Map<String, Field> result = new LinkedHashMap<>();
    for (Value file : service.itemsOf("env_file")) {
      String path = ((Scalar) file).text();
      try {
        EnvFile.parse(loader.text(path, FileLoader.ENV_FILE_LIMIT), loader.variables())
            .forEach((k, v) -> put(result, k, new Scalar(v, file.mark()), file.mark()));
      } catch (IOException e) {
        problems.error(file.mark(), "env_file: " + e.getMessage());
      } catch (IllegalArgumentException e) {
        problems.error(file.mark(), "env_file '" + path + "': " + e.getMessage());
      }
    }
    Value own = service.get("environment");
    if (own != null) {
      forms
          .entries(own, true)
          .fields()
          .forEach((k, f) -> put(result, k, (Scalar) f.value(), f.keyMark()));
    }
    Fields without = service.without("env_file").without("environment");
    return result.isEmpty()
        ? without
        : without.with("environment", new Fields(result, service.markOf("environment")));
  }

  private void put(Map<String, Field> into, String name, Scalar value, Mark mark) {
    String ours = loader.variables().get(name);
    boolean open = value.isNull() || value.text().isEmpty();
    into.put(name, new Field(mark, open && ours != null ? new Scalar(ours, mark) : value));
  }

  private Value hosts(Value value) {
    List<String> texts = new ArrayList<>();
    if (value instanceof Fields fields) {
      fields
          .fields()
          .forEach(
              (host, f) -> {
                if (f.value() instanceof Scalar s && !s.isNull()) {
                  texts.add(host + ":" + s.text());
                }
              });
      texts.sort(null);
    } else {
      texts.addAll(((Items) value).texts());
    }
    List<Value> hosts = new ArrayList<>();
    for (String text : texts) {
      int cut = text.indexOf('=') >= 0 ? text.indexOf('=') : text.indexOf(':');
      if (cut <= 0 || cut == text.length() - 1) {
        problems.error(value.mark(), "extra_hosts: '" + text + "' must be HOST:ADDRESS");
        continue;
      }
      String address = text.substring(cut + 1);
      boolean brackets = address.startsWith("[") && address.endsWith("]") && address.length() > 2;
      hosts.add(
          new Scalar(
              text.substring(0, cut)
                  + ":"
                  + (brackets ? address.substring(1, address.length() - 1) : address),
              value.mark()));
    }
    return new Items(hosts, value.mark());
  }

  private Value ports(Value value) {
    List<Value> ports = new ArrayList<>();
    for (Value item : ((Items) value).items()) {
      if (item instanceof Fields fields) {
        ports.add(longPort(fields));
        continue;
      }
      try {
        for (PortSpec port : PortSpec.parse(((Scalar) item).text())) {
          if (port.hasAddress()) {
            problems.warn(
                item.mark(),
                "Swarm publishes a port on all addresses: the address before it is ignored");
          }
          ports.add(
              forms.mapping(
                  item.mark(),
                  "target",
                  (long) port.target(),
                  "published",
                  port.published() == 0 ? null : (Object) (long) port.published(),
                  "protocol",
                  port.protocol(),
                  "mode",
                  "ingress"));
        }
      } catch (IllegalArgumentException e) {
        problems.error(item.mark(), "ports: " + e.getMessage());
      }
    }
    return new Items(ports, value.mark());
  }

  private Fields longPort(Fields port) {
    for (String key : List.of("target", "published")) {
      Long number = port.number(key);
      if (number != null && (number < 0 || number > 65535)) {
        problems.error(port.get(key).mark(), "ports: '" + key + "' must be between 0 and 65535");
      }
    }
    if (port.number("target") == null) {
      problems.error(port.mark(), "ports: 'target' is missing, the port in the container");
    }
    forms.oneOf(port, "mode", "ingress", "host");
    forms.oneOf(port, "protocol", "tcp", "udp", "sctp");
    return port;
  }

  private Value volumes(Value value) {
    List<Value> volumes = new ArrayList<>();
    for (Value item : ((Items) value).items()) {
      if (item instanceof Fields fields) {
        volumes.add(longVolume(fields));
        continue;
      }
      try {
        VolumeSpec spec = VolumeSpec.parse(((Scalar) item).text());
        boolean bind = spec.type().equals("bind");
        if (spec.source().isEmpty() && spec.target().matches("[A-Za-z]:/.*")) {
          problems.warn(
              item.mark(),
              "'%s' is read as a path on Windows, as docker stack deploy does; give the volume a"
                      .formatted(spec.target())
                  + " longer name, or use the long form");
        }
        Fields volume =
            forms.mapping(
                item.mark(),
                "type",
                spec.type(),
                "source",
                spec.source().isEmpty()
                    ? null
                    : bind ? loader.hostPath(spec.source()) : spec.source(),
                "target",
                spec.target(),
                "read_only",
                spec.readOnly() ? true : null);
        if (spec.noCopy()) {
          volume = volume.with("volume", forms.mapping(item.mark(), "nocopy", true));
        }
        if (!spec.propagation().isEmpty()) {
          volume =
              volume.with("bind", forms.mapping(item.mark(), "propagation", spec.propagation()));
        }
        volumes.add(volume);
      } catch (IllegalArgumentException e) {
        problems.error(item.mark(), "volumes: " + e.getMessage());
      }
    }
    return new Items(volumes, value.mark());
  }

  private Fields longVolume(Fields volume) {
    forms.oneOf(volume, "type", "volume", "bind", "tmpfs", "npipe", "image", "cluster");
    if (volume.fieldsOf("bind").has("create_host_path")) {
      problems.warn(
          volume.fieldsOf("bind").markOf("create_host_path"),
          "bind.create_host_path has no effect in Swarm: ignored");
    }
    if (volume.fieldsOf("tmpfs").has("mode")) {
      problems.warn(
          volume.fieldsOf("tmpfs").markOf("mode"),
          "tmpfs.mode is not honoured in a stack: ignored");
    }
    if (!volume.text("type").equals("bind")) {
      return volume;
    }
    String source = volume.text("source");
    if (source.isEmpty()) {
      problems.error(volume.mark(), "volumes: a bind mount needs a 'source', the path on the host");
      return volume;
    }
    return volume.with("source", new Scalar(loader.hostPath(source), volume.get("source").mark()));
  }

  /** {@code PATH[:size=64m,mode=1777]}. */
  private Value tmpfs(Value value) {
    List<Value> result = new ArrayList<>();
    for (Value item : ((Items) forms.list(value)).items()) {
      String text = ((Scalar) item).text();
      int colon = text.indexOf(':');
      Fields mount =
          forms.mapping(item.mark(), "target", colon < 0 ? text : text.substring(0, colon));
      for (String option : colon < 0 ? new String[0] : text.substring(colon + 1).split(",", -1)) {
        try {
          if (option.startsWith("size=")) {
            mount = mount.with("size", number(Quantity.bytes(option.substring(5)), item));
          } else if (option.startsWith("mode=")) {
            mount = mount.with("mode", number(Long.parseLong(option.substring(5), 8), item));
          } else {
            problems.warn(item.mark(), "tmpfs: Swarm does not know the option '" + option + "'");
          }
        } catch (IllegalArgumentException e) {
          problems.error(item.mark(), "tmpfs: '" + option + "' is not valid: " + e.getMessage());
        }
      }
      result.add(mount);
    }
    return new Items(result, value.mark());
  }

  private static Scalar number(long number, Value place) {
    return new Scalar(number, place.mark());
  }

  private Value references(Value value) {
    List<Value> result = new ArrayList<>();
    for (Value item : ((Items) value).items()) {
      Fields reference =
          item instanceof Fields fields
              ? forms.change(fields, "mode", forms::whole)
              : forms.mapping(item.mark(), "source", ((Scalar) item).text());
      if (reference.text("source").isEmpty()) {
        problems.error(item.mark(), "'source' is missing, the name at the top level");
      } else {
        result.add(reference);
      }
    }
    return new Items(result, value.mark());
  }

  private Value networks(Value value) {
    Map<String, Field> result = new LinkedHashMap<>();
    if (value instanceof Items items) {
      for (Value item : items.items()) {
        result.put(((Scalar) item).text(), new Field(item.mark(), new Scalar(null, item.mark())));
      }
      return new Fields(result, value.mark());
    }
    ((Fields) value)
        .fields()
        .forEach(
            (name, field) -> {
              Value network = field.value();
              if (network instanceof Fields fields) {
                for (String key : List.of("ipv4_address", "ipv6_address")) {
                  if (fields.has(key)) {
                    problems.warn(
                        fields.markOf(key), "Swarm chooses addresses: '" + key + "' is ignored");
                  }
                }
                network = forms.change(fields, "driver_opts", o -> forms.entries(o, false));
              }
              result.put(name, new Field(field.keyMark(), network));
            });
    return new Fields(result, value.mark());
  }

  private Value ulimits(Value value) {
    Map<String, Field> result = new LinkedHashMap<>();
    ((Fields) value)
        .fields()
        .forEach(
            (name, field) ->
                result.put(
                    name,
                    field.value() instanceof Scalar s
                        ? new Field(
                            field.keyMark(),
                            forms.mapping(s.mark(), "soft", s.value(), "hard", s.value()))
                        : field));
    return new Fields(result, value.mark());
  }

  private Value healthcheck(Value value) {
    Fields check = (Fields) value;
    if (check.get("test") instanceof Scalar test) {
      check = check.with("test", Value.texts(List.of("CMD-SHELL", test.text()), test.mark()));
    }
    if (Boolean.TRUE.equals(check.flag("disable")) && !check.itemsOf("test").isEmpty()) {
      problems.error(
          check.markOf("test"), "healthcheck: 'test' and 'disable' exclude each other; remove one");
    }
    for (String key : List.of("interval", "timeout", "start_period", "start_interval")) {
      check = forms.change(check, key, forms::duration);
    }
    return forms.change(check, "retries", forms::whole);
  }

  private Value deploy(Value value) {
    Fields deploy = (Fields) value;
    deploy = forms.change(deploy, "labels", v -> forms.entries(v, false));
    for (String key : List.of("update_config", "rollback_config")) {
      deploy =
          forms.change(
              deploy,
              key,
              u ->
                  forms.change(
                      forms.change((Fields) u, "delay", forms::duration),
                      "monitor",
                      forms::duration));
    }
    deploy =
        forms.change(
            deploy,
            "restart_policy",
            r ->
                forms.change(
                    forms.change((Fields) r, "delay", forms::duration), "window", forms::duration));
    forms.oneOf(deploy.fieldsOf("restart_policy"), "condition", "none", "on-failure", "any");
    forms.oneOf(
        deploy.fieldsOf("update_config"), "failure_action", "pause", "continue", "rollback");
    forms.oneOf(deploy.fieldsOf("rollback_config"), "failure_action", "pause", "continue");
    String mode = deploy.text("mode");
    if (mode.startsWith("global") && deploy.has("replicas")) {
      problems.error(
          deploy.markOf("replicas"),
          "deploy: 'replicas' does not go with mode '%s'; remove one".formatted(mode));
    }
    return forms.change(deploy, "resources", this::resources);
  }

  private Value resources(Value value) {
    Fields resources = (Fields) value;
    for (String key : List.of("limits", "reservations")) {
      resources =
          forms.change(
              resources,
              key,
              r ->
                  forms.change(
                      forms.change((Fields) r, "memory", forms::bytes), "cpus", forms::cpus));
    }
    return forms.change(
        resources,
        "reservations",
        r -> forms.change((Fields) r, "generic_resources", this::genericResources));
  }

  private Value genericResources(Value value) {
    List<Value> result = new ArrayList<>();
    for (Value item : ((Items) value).items()) {
      result.add(
          forms.change(
              (Fields) item,
              "discrete_resource_spec",
              d -> forms.change((Fields) d, "value", forms::whole)));
    }
    return new Items(result, value.mark());
  }
}
