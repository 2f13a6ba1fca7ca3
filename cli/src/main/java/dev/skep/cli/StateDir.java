package dev.skep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where the all-in-one keeps its data. What edges need to serve lies elsewhere ({@code
 * --edge-dir}), so that losing this directory stops nobody from being served.
 *
 * @param root the directory itself, mode 0700
 */
public record StateDir(Path root) {

  /** Who runs, and where it listens. */
  public record Running(long pid, long startedAt, int httpPort, String edgeDir) {
    /** This process. */
    public static Running self(int httpPort, String edgeDir) {
      ProcessHandle self = ProcessHandle.current();
      long startedAt = self.info().startInstant().orElseThrow().toEpochMilli();
      return new Running(self.pid(), startedAt, httpPort, edgeDir);
    }

    /** Whether that very process lives: a pid alone may have been given to another since. */
    public Optional<ProcessHandle> process() {
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .filter(p -> !isZombie(p.pid()))
          .filter(
              p -> p.info().startInstant().map(i -> i.toEpochMilli() == startedAt).orElse(false));
    }

    /**
     * Java counts a process that ended as alive until somebody asks for its status, and in a
     * container without an init nobody ever does.
     */
    private static boolean isZombie(long pid) {
      try {
        // The command's name may hold blanks and brackets: what follows the last one is the state.
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
      } catch (IOException e) {
        return false;
      }
    }
  }

  public Path kafka() {
    return root.resolve("kafka");
  }

  public Path keys() {
    return root.resolve("keys");
  }

  /** Declares sources of stacks; people write it, and need not. */
  public Path sources() {
    return root.resolve("sources.yml");
  }

  public Path token() {
    return root.resolve("token");
  }

  public Path ca() {
    return root.resolve("ca.pem");
  }

  public Path log() {
    return root.resolve("skep.log");
  }

  /** The log before the last rotation. */
  public Path olderLog() {
    return root.resolve("skep.log.1");
  }

  public Path options() {
    return root.resolve("up.json");
  }

  /** Where the embedded broker listens, while it runs. */
  public Path broker() {
    return root.resolve("broker");
  }

  /** What is Skep's in there; {@code engine} holds the launcher's notes. */
  public OwnFiles files() {
    return new OwnFiles(
        root,
        Set.of(
            "kafka",
            "keys",
            "token",
            "ca.pem",
            "skep.log",
            "skep.log.1",
            "up.json",
            "running.json",
            "broker",
            "engine"));
  }

  private Path running() {
    return root.resolve("running.json");
  }

  /**
   * Makes the directory if it is not there.
   *
   * @throws CliException if it cannot be used, with what to do
   */
  public void prepare() {
    try {
      List<Path> others = Files.exists(options()) ? List.of() : files().others();
      if (!others.isEmpty()) {
        // Its mode is changed below, which another's directory would not bear.
        throw new CliException(
            root + " is not empty and not Skep's: choose another --state-dir, or make a new one");
      }
      Files.createDirectories(root);
      Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
      Path probe = Files.createTempFile(root, "token", ".tmp");
      Files.write(probe, new byte[4096]);
      Files.delete(probe);
    } catch (AccessDeniedException e) {
      throw new CliException(
          "no permission to write in " + root + ": run as root, or choose another --state-dir");
    } catch (IOException e) {
      throw new CliException(
          "cannot write in "
              + root
              + " ("
              + e.getMessage()
              + "): free some space or choose another --state-dir");
    }
  }

  /** The bearer token of the HTTP API, made at the first call; mode 0600. */
  public String tokenValue() {
    try {
      if (Files.notExists(token())) {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        writePrivate(token(), Base64.getUrlEncoder().withoutPadding().encodeToString(random));
      }
      return Files.readString(token()).strip();
    } catch (IOException e) {
      throw new CliException("cannot read the access token in " + token() + ": " + e.getMessage());
    }
  }

  /** The process that runs on this directory, if one does. */
  public Optional<Running> current() {
    try {
      JsonNode tree = Json.mapper().readTree(running().toFile());
      Running found = Json.mapper().treeToValue(tree, Running.class);
      return found == null || found.process().isEmpty() ? Optional.empty() : Optional.of(found);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Remembers that this process runs here. */
  public void running(Running value) {
    writeJson(running(), value);
  }

  /** Forgets the running process. */
  public void stopped() {
    try {
      Files.deleteIfExists(running());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes {@code value} as JSON, atomically, readable by the owner alone. */
  public static void writeJson(Path file, Object value) {
    try {
      writePrivate(
          file, Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n");
    } catch (IOException e) {
      throw new CliException("cannot write " + file + ": " + e.getMessage());
    }
  }

  private static void writePrivate(Path file, String content) throws IOException {
    Path next =
        Files.createTempFile(
            file.getParent(),
            file.getFileName().toString(),
            ".tmp",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(next, content);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
