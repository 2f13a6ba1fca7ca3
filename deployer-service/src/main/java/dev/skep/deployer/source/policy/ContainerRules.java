package dev.skep.deployer.source.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.source.declare.NamePatterns;
import dev.skep.deployer.source.declare.Policy;
import java.util.Set;

/** What a container may hold and do. */
final class ContainerRules {
  private static final Set<String> KEYS =
      Set.of(
          "Labels",
          "Image",
          "Command",
          "Args",
          "Hostname",
          "Env",
          "Dir",
          "User",
          "Privileges",
          "Init",
          "StopSignal",
          "TTY",
          "OpenStdin",
          "ReadOnly",
          "Mounts",
          "StopGracePeriod",
          "Healthcheck",
          "Hosts",
          "DNSConfig",
          "Secrets",
          "Configs",
          "Isolation",
          "Sysctls",
          "CapabilityAdd",
          "CapabilityDrop",
          "Ulimits",
          "OomScoreAdj");
  private static final Set<String> PRIVILEGES =
      Set.of("CredentialSpec", "SELinuxContext", "NoNewPrivileges");

  private final Names names;
  private final Policy policy;
  private final Refusals refusals;
  private final MountRules mounts;

  ContainerRules(Names names, Policy policy, Refusals refusals) {
    this.names = names;
    this.policy = policy;
    this.refusals = refusals;
    this.mounts = new MountRules(names, policy, refusals);
  }

  void check(JsonNode container, String service) {
    Known.check(container, KEYS, refusals, service);
    container.path("Mounts").forEach(m -> mounts.check(m, service));
    references(container.path("Secrets"), "SecretName", policy.secrets(), "secrets", service);
    references(container.path("Configs"), "ConfigName", policy.configs(), "configs", service);
    for (JsonNode capability : container.path("CapabilityAdd")) {
      if (!policy.capabilities().contains(capability.asText())) {
        refusals.add(
            "the capability '%s' is more than a container has".formatted(capability.asText()),
            "'capabilities: [%s]'".formatted(capability.asText()),
            "services",
            service,
            "cap_add");
      }
    }
    for (var sysctl : container.path("Sysctls").properties()) {
      if (!policy.sysctls().allow(sysctl.getKey())) {
        refusals.add(
            "the kernel setting '%s' is more than a container has".formatted(sysctl.getKey()),
            "'sysctls: [%s]'".formatted(sysctl.getKey()),
            "services",
            service,
            "sysctls",
            sysctl.getKey());
      }
    }
    privileges(container.path("Privileges"), service);
    if (!container.path("Isolation").asText().isEmpty()) {
      setting("isolation", "the isolation is for the node's owner to choose", service);
    }
    if (container.path("OomScoreAdj").asLong() < 0) {
      setting("oom_score_adj", "others' processes would be killed before these", service);
    }
  }

  private void privileges(JsonNode privileges, String service) {
    Known.check(privileges, PRIVILEGES, refusals, service);
    if (!privileges.path("CredentialSpec").isMissingNode()
        && !privileges.path("CredentialSpec").isNull()) {
      setting("credential_spec", "credentials of the node would be used", service);
    }
    if (!privileges.path("SELinuxContext").isMissingNode()
        && !privileges.path("SELinuxContext").isNull()) {
      refusals.never("the policy knows no SELinux context, and refuses it", "services", service);
    }
  }

  private void setting(String key, String why, String service) {
    if (!policy.settings().contains(key)) {
      refusals.add(
          "'%s' is refused: %s".formatted(key, why),
          "'settings: [%s]'".formatted(key),
          "services",
          service,
          key);
    }
  }

  private void references(
      JsonNode references, String field, NamePatterns allowed, String kind, String service) {
    for (JsonNode reference : references) {
      String name = reference.path(field).asText();
      if (!names.own(kind, name) && !allowed.allow(name)) {
        refusals.add(
            "the %s '%s' %s"
                .formatted(kind.substring(0, kind.length() - 1), name, names.why(kind, name)),
            "'%s: [%s]'".formatted(kind, name),
            "services",
            service,
            kind);
      }
    }
  }
}
