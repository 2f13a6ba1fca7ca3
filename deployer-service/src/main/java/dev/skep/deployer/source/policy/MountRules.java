package dev.skep.deployer.source.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.source.declare.Policy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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

  /** What a mount of any file system may be told: nothing that changes what is mounted. */
  private static final Predicate<String> PLAIN_OPTION =
      Pattern.compile(
              "|defaults|ro|rw|(no)?(exec|suid|dev|(dir|rel|strict)?atime|acl)|a?sync|dirsync|noswap"
                  + "|(size|mode|uid|gid|nr_inodes|nr_blocks)=[0-9A-Za-z%]+")
          .asMatchPredicate();

  /** What a bind may be told besides: itself, and who sees what is mounted below later. */
  private static final Set<String> BIND_OPTIONS =
      Set.of("bind", "rbind", "private", "rprivate", "slave", "rslave", "shared", "rshared");

  private final Names names;
  private final Policy policy;
  private final Refusals refusals;
  private final HostPaths paths;
  private final TemplateRules templates;

  MountRules(Names names, Policy policy, Refusals refusals) {
    this.names = names;
    this.policy = policy;
    this.refusals = refusals;
    this.paths = new HostPaths(policy, refusals);
    this.templates = new TemplateRules(names, refusals);
  }

  void check(JsonNode mount, String service) {
    Known.check(mount, KEYS, refusals, service);
    if (templates.refuse(mount, service)) {
      // What it would become is not known, so nothing below can tell.
      return;
    }
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
    List<String> words = List.of(options.path("o").asText().split(",", -1));
    boolean known =
        options.properties().stream()
            .allMatch(o -> Set.of("type", "o", "device", "size").contains(o.getKey()));
    if (!known || has(words, "remount", "move")) {
      refusals.never(
          "options of the local volume driver are limited to type, o, device and size",
          "services",
          service,
          "volumes");
      return;
    }
    boolean bind = has(words, "bind", "rbind");
    if (!bind && policy.volumeDrivers().contains(type)) {
      // Its options are the type's own: addr, username, vers and many more.
      return;
    }
    if (bind || type.isEmpty() || type.equals("none")) {
      paths.bind(device, service);
      options(words, PLAIN_OPTION.or(BIND_OPTIONS::contains), service);
    } else if (type.equals("tmpfs")) {
      options(words, PLAIN_OPTION, service);
    } else {
      driver(type, "a volume of type '%s' mounts '%s'".formatted(type, device), service);
    }
  }

  private static boolean has(List<String> words, String... some) {
    return Stream.of(some).anyMatch(s -> words.stream().anyMatch(w -> w.strip().equals(s)));
  }

  /** Refuses the first option that is not known: it might make a mount another one. */
  private void options(List<String> words, Predicate<String> known, String service) {
    Optional<String> unknown = words.stream().filter(known.negate()).findFirst();
    unknown.ifPresent(
        word ->
            refusals.never(
                "the option '%s' of a volume's 'o' is not known to the policy, which refuses it"
                    .formatted(word),
                "services",
                service,
                "volumes"));
  }

  private void driver(String name, String what, String service) {
    refusals.add(what, "'volumeDrivers: [%s]'".formatted(name), "services", service, "volumes");
  }
}
