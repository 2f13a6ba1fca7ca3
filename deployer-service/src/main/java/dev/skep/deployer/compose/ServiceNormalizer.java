package dev.skep.deployer.compose;

import dev.skep.deployer.compose.Value.Field;
import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Items;
import dev.skep.deployer.compose.Value.Scalar;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Brings a service's short forms to the long ones, so that files can be merged and converted. */
final class ServiceNormalizer {
  private final FileLoader loader;
  private final Problems problems;
  private final Forms forms;
  private final PortNormalizer ports;
  private final MountNormalizer mounts;

  ServiceNormalizer(FileLoader loader, Problems problems) {
    this.loader = loader;
    this.problems = problems;
    this.forms = new Forms(problems);
    this.ports = new PortNormalizer(problems);
    this.mounts = new MountNormalizer(loader, problems);
  }

  /** The long forms, before the service is put together with what it extends. */
  Fields longForms(String name, Fields service) {
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
    next = forms.change(next, "tmpfs", mounts::tmpfs);
    next = forms.change(next, "environment", v -> forms.entries(v, true));
    next = forms.change(next, Dependencies.KEY, Dependencies::longForm);
    next = forms.change(next, "extra_hosts", this::hosts);
    next = forms.change(next, "ports", ports::longForms);
    next = forms.change(next, "volumes", mounts::longForms);
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
            (key, field) ->
                SwarmKeys.warning(name, key).ifPresent(w -> problems.warn(field.keyMark(), w)));
  }

  /**
   * The service with the files of env_file read, below its environment; a name without a value
   * takes that of our own environment.
   */
  Fields environment(Fields service) {
    Map<String, Field> result = new LinkedHashMap<>();
    for (Value file : service.itemsOf("env_file")) {
      envFile(file).forEach((k, v) -> put(result, k, new Scalar(v, file.mark()), file.mark()));
    }
    service
        .fieldsOf("environment")
        .fields()
        .forEach((k, f) -> put(result, k, (Scalar) f.value(), f.keyMark()));
    Fields without = service.without("env_file").without("environment");
    return result.isEmpty()
        ? without
        : without.with("environment", new Fields(result, service.markOf("environment")));
  }

  private Map<String, String> envFile(Value file) {
    String path = file instanceof Fields fields ? fields.text("path") : ((Scalar) file).text();
    try {
      return EnvFile.parse(loader.text(path, FileLoader.ENV_FILE_LIMIT), loader.variables());
    } catch (IOException e) {
      boolean optional =
          file instanceof Fields fields && Boolean.FALSE.equals(fields.flag("required"));
      if (!optional || !(e.getCause() instanceof NoSuchFileException)) {
        problems.error(file.mark(), "env_file: " + e.getMessage());
      }
    } catch (IllegalArgumentException e) {
      problems.error(file.mark(), "env_file '" + path + "': " + e.getMessage());
    }
    return Map.of();
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

  private Value references(Value value) {
    List<Value> result = new ArrayList<>();
    for (Value item : ((Items) value).items()) {
      Fields reference =
          item instanceof Fields fields
              ? forms.change(fields, "mode", forms::whole)
              : forms.mapping(item.mark(), "source", ((Scalar) item).text());
      forms.counts(reference, "mode");
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
    forms.counts(check, "retries");
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
    forms.counts(deploy, "replicas");
    forms.counts(deploy.fieldsOf("update_config"), "parallelism");
    forms.counts(deploy.fieldsOf("rollback_config"), "parallelism");
    forms.counts(deploy.fieldsOf("restart_policy"), "max_attempts");
    forms.counts(deploy.fieldsOf("placement"), "max_replicas_per_node");
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
