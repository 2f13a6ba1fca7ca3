package dev.skep.lab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What each of the lab's containers is made of, as arguments of {@code docker run}. */
final class Containers {
  static final String NODE_IMAGE = "skep-lab/node";
  static final String REGISTRY_IMAGE = "skep-lab/registry";
  static final String ACME_IMAGE = "skep-lab/pebble";
  static final String REGISTRY = "registry";
  static final String ACME = "acme";

  /** What dockerd and containers within need. Not --privileged, which some hosts cannot give. */
  private static final List<String> CAPABILITIES =
      Arrays.asList(
          ("SYS_ADMIN NET_ADMIN NET_RAW SYS_PTRACE SYS_CHROOT MKNOD AUDIT_WRITE SETFCAP SYSLOG"
                  + " IPC_LOCK DAC_READ_SEARCH SYS_NICE NET_BROADCAST SYS_MODULE LINUX_IMMUTABLE")
              .split(" ", -1));

  private final LabSpec spec;

  Containers(LabSpec spec) {
    this.spec = spec;
  }

  /**
   * A node.
   *
   * @param cgroupVersion the outer Engine's
   * @param group who may use the node's socket on the host
   */
  List<String> node(Node node, String cgroupVersion, int group) {
    List<String> run = container(node.name(), spec.subnet().of(node));
    run.addAll(List.of("--label", LabSpec.NODE_LABEL + "=" + node.name()));
    run.addAll(List.of("--hostname", node.name(), "--stop-timeout", "30"));
    CAPABILITIES.forEach(capability -> run.addAll(List.of("--cap-add", capability)));
    for (String option : List.of("apparmor", "seccomp", "systempaths")) {
      run.addAll(List.of("--security-opt", option + "=unconfined"));
    }
    run.addAll(List.of("--device-cgroup-rule", "a *:* rwm"));
    if (cgroupVersion.equals("1")) {
      run.addAll(List.of("--volume", "/sys/fs/cgroup:/sys/fs/cgroup:rw"));
    } else {
      run.addAll(List.of("--cgroupns", "private"));
    }
    // A restart is a reboot: nothing of the last life is found there.
    run.addAll(List.of("--tmpfs", "/run:exec,mode=755"));
    run.addAll(List.of("--volume", spec.volume(node.name()) + ":/var/lib/docker"));
    run.addAll(List.of("--volume", spec.sockets() + ":/lab"));
    run.addAll(List.of("--env", "SKEP_LAB_GROUP=" + group));
    run.add(NODE_IMAGE);
    String registry = spec.subnet().registry() + ":5000";
    run.addAll(List.of("--registry-mirror", "http://" + registry, "--insecure-registry", registry));
    return run;
  }

  /** The registry; pushed to through a port of this machine, which every Engine trusts. */
  List<String> registry() {
    List<String> run = container(REGISTRY, spec.subnet().registry());
    run.addAll(List.of("--read-only", "--tmpfs", "/tmp", "--publish", "127.0.0.1::5000"));
    run.addAll(List.of("--volume", spec.volume(REGISTRY) + ":/var/lib/docker-registry"));
    run.add(REGISTRY_IMAGE);
    return run;
  }

  /** Pebble and its name server. */
  List<String> acme() {
    List<String> run = container(ACME, spec.subnet().acme());
    run.addAll(List.of("--read-only", "--tmpfs", "/tmp"));
    run.addAll(List.of("--volume", spec.volume(ACME) + ":/var/lib/pebble"));
    run.addAll(List.of("--env", "SKEP_LAB_ADDRESS=" + spec.subnet().acme()));
    run.addAll(List.of("--env", "SKEP_LAB_VIP=" + spec.subnet().vip()));
    run.add(ACME_IMAGE);
    return run;
  }

  private List<String> container(String part, String address) {
    return new ArrayList<>(
        List.of(
            "run",
            "--detach",
            "--name",
            spec.container(part),
            "--label",
            LabSpec.LABEL + "=" + spec.name(),
            "--network",
            spec.name(),
            "--ip",
            address,
            // Also after a restart of the machine.
            "--restart",
            "always",
            "--log-opt",
            "max-size=10m",
            "--log-opt",
            "max-file=2"));
  }
}
