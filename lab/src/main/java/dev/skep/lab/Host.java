package dev.skep.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** This machine: its Engine, its directories, its memory, its networks. */
final class Host {
  static final String LOCAL_ENGINE = "unix:///var/run/docker.sock";

  /** An idle node's dockerd and containerd. */
  private static final long NODE_MIB = 150;

  /** A node with its share of the suite. */
  private static final long SUITE_MIB = 850;

  private Host() {}

  /**
   * The Engine that runs the lab: the one that is named, unless that is a lab's own node, as in a
   * shell that ran {@code eval "$(./skep lab env)"}.
   */
  static String engine(Map<String, String> environment) {
    String named = environment.getOrDefault("DOCKER_HOST", "");
    boolean node = named.startsWith("unix:///run/" + LabSpec.DEFAULT_NAME);
    return named.isBlank() || node ? LOCAL_ENGINE : named;
  }

  /** The group that may use the Engine, and so may use the nodes'. */
  static int engineGroup(String engine) {
    try {
      return (int) Files.getAttribute(Path.of(engine.substring("unix://".length())), "unix:gid");
    } catch (IOException e) {
      return 0;
    }
  }

  /** Makes a directory that only root writes to. */
  static void makeDirectory(Path directory) {
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    } catch (AccessDeniedException e) {
      throw new LabException("No right to make " + directory + ". Run as root.", e);
    } catch (IOException e) {
      throw new LabException("Cannot make " + directory + ": " + e.getMessage(), e);
    }
  }

  /** A random passphrase that only root reads, made once. */
  static void makePassphrase(Path file) {
    if (Files.exists(file)) {
      return;
    }
    byte[] random = new byte[20];
    new SecureRandom().nextBytes(random);
    try {
      Path made =
          Files.createTempFile(
              file.getParent(),
              "passphrase",
              "",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(made, HexFormat.of().formatHex(random) + "\n");
      Files.move(made, file);
    } catch (IOException e) {
      throw new LabException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** Removes a directory with all that it holds. */
  static void remove(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new LabException("Cannot remove " + directory + ": " + e.getMessage(), e);
    }
  }

  /**
   * What is to be said of this machine's memory; nothing if it is enough.
   *
   * @throws LabException if it is too little even for idle nodes
   */
  static Optional<String> memoryWarning(int nodes) {
    long free;
    try {
      free = availableMib(Files.readAllLines(Path.of("/proc/meminfo")));
    } catch (IOException e) {
      return Optional.empty();
    }
    if (free < nodes * NODE_MIB) {
      throw new LabException(
          nodes
              + " nodes need "
              + nodes * NODE_MIB
              + " MiB of memory, and "
              + free
              + " MiB are available. Take fewer: --managers 1 --workers 1 --edges 1");
    }
    return free >= nodes * SUITE_MIB
        ? Optional.empty()
        : Optional.of(
            "Only "
                + free
                + " MiB of memory are available; "
                + nodes
                + " nodes with the suite want about "
                + nodes * SUITE_MIB
                + ". Fewer nodes: --managers 1 --workers 1 --edges 1");
  }

  /** From the lines of {@code /proc/meminfo}. */
  static long availableMib(List<String> meminfo) {
    return meminfo.stream()
        .filter(line -> line.startsWith("MemAvailable:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }

  /** The interface of this machine that has an address in the subnet already. */
  static Optional<String> interfaceIn(Subnet subnet) {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(
              network ->
                  network.getInterfaceAddresses().stream()
                      .map(InterfaceAddress::getAddress)
                      .map(InetAddress::getHostAddress)
                      .anyMatch(address -> address.startsWith(subnet.prefix() + ".")))
          .map(NetworkInterface::getName)
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
