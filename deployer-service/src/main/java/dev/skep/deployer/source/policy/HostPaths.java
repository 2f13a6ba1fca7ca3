package dev.skep.deployer.source.policy;

import dev.skep.deployer.source.declare.Policy;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Paths of nodes that a stack wants to see. */
final class HostPaths {
  /** Whoever talks to one of these owns the node. */
  private static final List<Path> SOCKETS =
      List.of(
          Path.of("/var/run/docker.sock"),
          Path.of("/run/docker.sock"),
          Path.of("/var/run/containerd/containerd.sock"),
          Path.of("/run/containerd/containerd.sock"),
          Path.of("/var/run/docker/containerd/containerd.sock"),
          Path.of("/run/docker/containerd/containerd.sock"));

  private final Policy policy;
  private final Refusals refusals;

  HostPaths(Policy policy, Refusals refusals) {
    this.policy = policy;
    this.refusals = refusals;
  }

  void bind(String source, String service) {
    if (!source.startsWith("/") || source.indexOf('\0') >= 0) {
      pipe(source, service);
      return;
    }
    // The kernel takes '..' and double slashes away, and so must we before we compare.
    Path path = Path.of(source).normalize();
    boolean socket = SOCKETS.stream().anyMatch(s -> s.startsWith(path));
    if (!covered(path)) {
      refusals.add(
          "'%s' of the node is mounted%s"
              .formatted(path, socket ? ", which leads to the Engine's socket" : ""),
          "'binds: [%s]'%s".formatted(path, socket ? " and 'engineSocket: true'" : ""),
          "services",
          service,
          "volumes");
    } else if (socket && !policy.engineSocket()) {
      refusals.add(
          "'%s' of the node leads to the Engine's socket".formatted(path),
          "'engineSocket: true' besides",
          "services",
          service,
          "volumes");
    }
  }

  /** Windows' pipes, and whatever else is no path. */
  void pipe(String source, String service) {
    boolean engine = source.toLowerCase(Locale.ROOT).contains("docker_engine");
    if (!policy.binds().contains(source) || (engine && !policy.engineSocket())) {
      refusals.add(
          "'%s' of the node is mounted".formatted(source),
          "'binds: [%s]'%s".formatted(source, engine ? " and 'engineSocket: true'" : ""),
          "services",
          service,
          "volumes");
    }
  }

  private boolean covered(Path path) {
    return policy.binds().stream()
        .anyMatch(
            allowed ->
                allowed.endsWith("/*")
                    ? path.startsWith(allowed.substring(0, allowed.length() - 2))
                        && !path.equals(Path.of(allowed.substring(0, allowed.length() - 2)))
                    : path.equals(Path.of(allowed)));
  }
}
