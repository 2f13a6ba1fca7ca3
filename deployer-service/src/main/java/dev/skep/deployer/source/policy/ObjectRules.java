package dev.skep.deployer.source.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.source.declare.NamePatterns;
import dev.skep.deployer.source.declare.Policy;
import java.util.Set;

/** Networks, secrets and configs that a stack would make. */
final class ObjectRules {
  private static final Set<String> NETWORK_OPTIONS =
      Set.of("encrypted", "com.docker.network.driver.mtu");
  private static final Set<String> NETWORK_KEYS =
      Set.of(
          "Name",
          "Driver",
          "Scope",
          "IPAM",
          "Internal",
          "Attachable",
          "Ingress",
          "ConfigOnly",
          "ConfigFrom",
          "Options",
          "Labels");
  private static final Set<String> FILE_KEYS =
      Set.of("Name", "Labels", "Data", "Driver", "Templating");

  private final Names names;
  private final Policy policy;
  private final Refusals refusals;

  ObjectRules(Names names, Policy policy, Refusals refusals) {
    this.names = names;
    this.policy = policy;
    this.refusals = refusals;
  }

  void network(JsonNode network, String key) {
    known(network, NETWORK_KEYS, "networks", key);
    named(network, policy.networks(), "networks", key);
    String driver = network.path("Driver").asText();
    if (!driver.equals("overlay") && !policy.networkDrivers().contains(driver)) {
      refusals.add(
          "the network driver '%s' reaches beyond the stack".formatted(driver),
          "'networkDrivers: [%s]'".formatted(driver),
          "networks",
          key,
          "driver");
    }
    for (String flag : new String[] {"Ingress", "ConfigOnly"}) {
      if (network.path(flag).asBoolean()) {
        refusals.never("a stack's network cannot be '" + flag + "'", "networks", key);
      }
    }
    boolean settings = policy.settings().contains("network_options");
    for (var option : network.path("Options").properties()) {
      if (!settings && !NETWORK_OPTIONS.contains(option.getKey())) {
        refusals.add(
            "the network option '%s' can reach other networks".formatted(option.getKey()),
            "'settings: [network_options]'",
            "networks",
            key,
            "driver_opts",
            option.getKey());
      }
    }
    String ipam = network.path("IPAM").path("Driver").asText();
    if (!settings && !ipam.isEmpty() && !ipam.equals("default")) {
      refusals.add(
          "the address driver '%s' is not Docker's own".formatted(ipam),
          "'settings: [network_options]'",
          "networks",
          key,
          "ipam");
    }
  }

  void secret(JsonNode secret, String key) {
    known(secret, FILE_KEYS, "secrets", key);
    named(secret, policy.secrets(), "secrets", key);
    if (secret.has("Driver") && !policy.settings().contains("secret_driver")) {
      refusals.add(
          "the secret driver '%s' may hand out others' secrets"
              .formatted(secret.path("Driver").path("Name").asText()),
          "'settings: [secret_driver]'",
          "secrets",
          key,
          "driver");
    }
  }

  void config(JsonNode config, String key) {
    known(config, FILE_KEYS, "configs", key);
    named(config, policy.configs(), "configs", key);
  }

  private void known(JsonNode object, Set<String> keys, String section, String key) {
    object
        .properties()
        .forEach(
            field -> {
              if (!keys.contains(field.getKey())) {
                refusals.never(
                    "'%s' is not known to the policy, which refuses it".formatted(field.getKey()),
                    section,
                    key);
              }
            });
  }

  private void named(JsonNode object, NamePatterns allowed, String section, String key) {
    String name = object.path("Name").asText();
    if (!names.own(name) && !allowed.allow(name)) {
      refusals.add(
          "the name '%s' does not begin with '%s', and may be another stack's"
              .formatted(name, names.prefix()),
          "'%s: [%s]'".formatted(section, name),
          section,
          key,
          "name");
    }
  }
}
