package dev.skep.deployer.compose;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keys that are known and yet do nothing, or cannot be used, in a stack. */
final class SwarmKeys {
  private static final String BEFOREHAND =
      "make the network beforehand and declare it with 'external: true'";

  /** The keys of a service that Swarm ignores, as the CLI tells. */
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

  /** Keys that the CLI calls deprecated and ignores, and why nobody needs them. */
  static final Map<String, String> DEPRECATED =
      Map.of(
          "container_name", "Swarm names the containers of a service",
          "expose", "services on the same network reach all ports of each other");

  /** Keys that do nothing here, and why; the CLI drops or refuses them. */
  static final Map<String, String> DROPPED =
      Map.of(
          "group_add", "is not honoured yet: ignored",
          "attach", "is for docker compose up: ignored",
          "develop", "is for docker compose watch: ignored");

  /** Keys of a service that cannot be honoured, and what to do in place of them. */
  static final Map<String, String> REFUSED =
      Map.ofEntries(
          entry("annotations", "Swarm passes none on; use 'labels'"),
          entry("blkio_config", "Swarm cannot limit block devices; remove it"),
          entry("cgroup", "Swarm chooses the cgroup; remove it"),
          entry("cpu_count", "set deploy.resources.limits.cpus instead"),
          entry("cpu_percent", "set deploy.resources.limits.cpus instead"),
          entry("cpu_period", "set deploy.resources.limits.cpus instead"),
          entry("cpu_quota", "set deploy.resources.limits.cpus instead"),
          entry("cpu_rt_period", "Swarm has no real-time scheduling; remove it"),
          entry("cpu_rt_runtime", "Swarm has no real-time scheduling; remove it"),
          entry("cpu_shares", "set deploy.resources instead"),
          entry("cpus", "set deploy.resources.limits.cpus instead"),
          entry("cpuset", "Swarm cannot pin CPUs; set deploy.resources instead"),
          entry("device_cgroup_rules", "Swarm gives services no devices; remove it"),
          entry("dns_opt", "only 'dns' and 'dns_search' reach a stack's services; remove it"),
          entry("gpus", "set deploy.resources.reservations.generic_resources instead"),
          entry("label_file", "write its labels under 'labels'"),
          entry("mem_limit", "set deploy.resources.limits.memory instead"),
          entry("mem_reservation", "set deploy.resources.reservations.memory instead"),
          entry("mem_swappiness", "Swarm has no swap settings in stacks; remove it"),
          entry("memswap_limit", "Swarm has no swap limit; set deploy.resources.limits.memory"),
          entry("models", "Swarm runs no models; run one as a service"),
          entry("oom_kill_disable", "Swarm cannot; set deploy.resources.reservations.memory"),
          entry("pids_limit", "set deploy.resources.limits.pids instead"),
          entry("platform", "set a placement constraint on node.platform.arch instead"),
          entry("post_start", "Swarm has no hooks; do it in the entrypoint"),
          entry("pre_stop", "Swarm has no hooks; handle the stop signal"),
          entry("provider", "Swarm runs services of images alone"),
          entry("pull_policy", "Swarm pulls as its digest resolution says"),
          entry("runtime", "set the default runtime in the nodes' Engine configuration"),
          entry("scale", "set deploy.replicas instead"),
          entry("storage_opt", "Swarm has no storage options; use a volume"),
          entry("use_api_socket", "mount the Engine's socket as a volume instead"),
          entry("uts", "Swarm chooses the namespace; remove it"),
          entry("volume_driver", "name the driver at the top-level volume instead"),
          entry("volumes_from", "share a top-level volume instead"));

  /** Keys of a service's attachment to a network. */
  static final Map<String, String> REFUSED_AT_ATTACHMENTS =
      Map.of(
          "gw_priority", "Swarm chooses the gateway; remove it",
          "interface_name", "Swarm names the interfaces; remove it",
          "link_local_ips", "Swarm chooses the addresses; remove it",
          "mac_address", "Swarm chooses the addresses; remove it",
          "priority", "Swarm orders the networks by name; remove it");

  /** Keys of a top-level network. */
  static final Map<String, String> REFUSED_AT_NETWORKS =
      Map.of("enable_ipv4", BEFOREHAND, "enable_ipv6", BEFOREHAND);

  /** Keys of a network's ipam and of its config. */
  static final Map<String, String> REFUSED_AT_IPAM =
      Map.of(
          "options", BEFOREHAND,
          "ip_range", BEFOREHAND,
          "gateway", BEFOREHAND,
          "aux_addresses", BEFOREHAND);

  /** Keys of a bind mount's options. */
  static final Map<String, String> REFUSED_AT_BINDS =
      Map.of(
          "selinux", "Swarm relabels nothing; set the label on the host",
          "recursive", "Swarm's bind mounts are recursive; remove it");

  /** Keys of deploy.resources.reservations. */
  static final Map<String, String> REFUSED_AT_RESERVATIONS =
      Map.of("devices", "Swarm has no devices; set generic_resources instead");

  /** Keys of a top-level secret. */
  static final Map<String, String> REFUSED_AT_SECRETS =
      Map.of("content", "a secret does not belong into the file; set 'file' or 'environment'");

  private SwarmKeys() {}

  /** What to tell of a service's key that is ignored. */
  static Optional<String> warning(String service, String key) {
    String where = "'services." + service + "." + key + "'";
    if (key.equals("restart")) {
      return Optional.of(
          where
              + " is meant for docker compose; here it only gives the restart policy, set"
              + " deploy.restart_policy");
    }
    if (UNSUPPORTED.contains(key)) {
      return Optional.of(where + " is not supported by Swarm: ignored");
    }
    if (DEPRECATED.containsKey(key)) {
      return Optional.of(where + " has no effect in a stack: ignored; " + DEPRECATED.get(key));
    }
    return Optional.ofNullable(DROPPED.get(key)).map(why -> where + " " + why);
  }
}
