package dev.skep.deployer.source.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.source.declare.Policy;
import java.util.List;
import java.util.Set;

/** What is mounted into a container. */
final class MountRules {
  /** What a mount may say; the rest is refused. */
  private static final Set<String> KEYS =
      Set.of(
          "Type",
          "Source",
          "Target",
          "ReadOnly",
          "Consistency",
          "BindOptions",
          "VolumeOptions",
          "TmpfsOptions",
          "ImageOptions",
          "ClusterOptions");

  private final Names names;
  private final Policy policy;
  private final Refusals refusals;
  private final HostPaths paths;

  MountRules(Names names, Policy policy, Refusals refusals) {
    this.names = names;
    this.policy = policy;
    this.refusals = refusals;
    this.paths = new HostPaths(policy, refusals);
  }

  void check(JsonNode mount, String service) {
    Known.check(mount, KEYS, refusals, service);
    String source = mount.path("Source").asText();
    switch (mount.path("Type").asText()) {
      case "volume", "cluster" -> volume(source, mount.path("VolumeOptions"), service);
      case "bind" -> paths.bind(source, service);
      case "npipe" -> paths.pipe(source, service);
      case "tmpfs", "image" -> {
        // Nothing of others, nothing of the node.
      }
      case "" ->
          refusals.never(
              "a mount has an empty type, which the Engine refuses: write volume, bind or tmpfs",
              "services",
              service,
              "volumes");
      default ->
          refusals.never(
              "mounts of type '%s' are not known to the policy, which refuses them"
                  .formatted(mount.path("Type").asText()),
              "services",
              service,
              "volumes");
    }
  }

  private void volume(String name, JsonNode options, String service) {
    if (!name.isEmpty() && !names.own("volumes", name) && !policy.volumes().allow(name)) {
      refusals.add(
          "the volume '%s' %s".formatted(name, names.why("volumes", name)),
          "'volumes: [%s]'".formatted(name),
          "services",
          service,
          "volumes");
    }
    JsonNode driver = options.path("DriverConfig");
    if (driver.isMissingNode()) {
      return;
    }
    String driverName = driver.path("Name").asText();
    if (driverName.isEmpty() || driverName.equals("local")) {
      if (!driver.path("Options").isEmpty()) {
        local(driver.path("Options"), service);
      }
    } else if (!policy.volumeDrivers().contains(driverName)) {
      driver(
          driverName, "the volume driver '%s' is not Docker's own".formatted(driverName), service);
    }
  }

  /** With options, the local driver mounts whatever it is told: also a directory of the node. */
  private void local(JsonNode options, String service) {
    String device = options.path("device").asText();
    String type = options.path("type").asText();
    boolean known =
        options.properties().stream()
            .allMatch(o -> Set.of("type", "o", "device", "size").contains(o.getKey()));
    Set<String> flags =
        Set.copyOf(List.of(options.path("o").asText().replace(" ", "").split(",", -1)));
    if (!known || flags.contains("remount") || flags.contains("move")) {
      refusals.never(
          "options of the local volume driver are limited to type, o, device and size",
          "services",
          service,
          "volumes");
    } else if (flags.contains("bind") || flags.contains("rbind")) {
      paths.bind(device, service);
    } else if (!type.equals("tmpfs") && !policy.volumeDrivers().contains(type)) {
      if (type.isEmpty() || type.equals("none")) {
        paths.bind(device, service);
      } else {
        driver(type, "a volume of type '%s' mounts '%s'".formatted(type, device), service);
      }
    }
  }

  private void driver(String name, String what, String service) {
    refusals.add(what, "'volumeDrivers: [%s]'".formatted(name), "services", service, "volumes");
  }
}
