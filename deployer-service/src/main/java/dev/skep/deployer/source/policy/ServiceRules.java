package dev.skep.deployer.source.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.source.declare.NamePatterns;
import dev.skep.deployer.source.declare.Policy;
import java.util.Set;

/** What a service may be and reach. */
final class ServiceRules {
  private static final Set<String> SERVICE_KEYS =
      Set.of(
          "Name",
          "Labels",
          "TaskTemplate",
          "Mode",
          "UpdateConfig",
          "RollbackConfig",
          "EndpointSpec");
  private static final Set<String> TASK_KEYS =
      Set.of(
          "ContainerSpec",
          "Resources",
          "RestartPolicy",
          "Placement",
          "Networks",
          "LogDriver",
          "ForceUpdate");

  /** They write to their container's own log and nowhere else. */
  private static final Set<String> LOG_DRIVERS =
      Set.of("", "json-file", "local", "journald", "none");

  private final Names names;
  private final Policy policy;
  private final Refusals refusals;
  private final ContainerRules containers;

  ServiceRules(Names names, Policy policy, Refusals refusals) {
    this.names = names;
    this.policy = policy;
    this.refusals = refusals;
    this.containers = new ContainerRules(names, policy, refusals);
  }

  /**
   * Checks one.
   *
   * @param key its name in the file
   */
  void check(JsonNode service, String key) {
    Known.check(service, SERVICE_KEYS, refusals, key);
    if (!names.own(service.path("Name").asText())) {
      refusals.never(
          "the name '%s' is that of another stack's service; rename it"
              .formatted(service.path("Name").asText()),
          "services",
          key);
    }
    JsonNode task = service.path("TaskTemplate");
    Known.check(task, TASK_KEYS, refusals, key);
    containers.check(task.path("ContainerSpec"), key);
    task.path("Networks").forEach(n -> network(n, key));
    PortRules.check(service.path("EndpointSpec").path("Ports"), key, policy, refusals);
    PlacementRules.check(task.path("Placement"), key, policy, refusals);
    String log = task.path("LogDriver").path("Name").asText();
    if (!LOG_DRIVERS.contains(log) && !policy.logDrivers().contains(log)) {
      refusals.add(
          "the log driver '%s' makes a node itself talk to where the stack says".formatted(log),
          "'logDrivers: [%s]'".formatted(log),
          "services",
          key,
          "logging",
          "driver");
    }
  }

  private void network(JsonNode attachment, String key) {
    String target = attachment.path("Target").asText();
    NamePatterns allowed = policy.networks();
    if (!names.own("networks", target) && !target.equals("none") && !allowed.allow(target)) {
      String what =
          target.equals("host")
              ? "the network 'host' is the node's own"
              : "the network '%s' %s".formatted(target, names.why("networks", target));
      refusals.add(what, "'networks: [%s]'".formatted(target), "services", key, "networks");
    }
    if (!attachment.path("DriverOpts").isEmpty()
        && !policy.settings().contains("network_options")) {
      refusals.add(
          "options of an attachment can change the container's kernel settings",
          "'settings: [network_options]'",
          "services",
          key,
          "networks");
    }
  }
}
