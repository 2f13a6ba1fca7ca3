package dev.skep.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A bare repository as a Git host has it, which tells of pushes, and the clone of who pushes. */
final class PushedRepository {
  /** The programs without which there is none. */
  static final List<String> PROGRAMS = List.of("git", "curl", "openssl");

  private final TimedProcess processes;
  private final Path bare;
  private final Path clone;
  private final Path pushed;
  private final Path answer;

  private PushedRepository(TimedProcess processes, Path dir, String name) {
    this.processes = processes;
    this.bare = dir.resolve(name + ".git");
    this.clone = dir.resolve(name);
    this.pushed = dir.resolve(name + ".pushed");
    this.answer = dir.resolve(name + ".answer");
  }

  /**
   * Makes an empty one.
   *
   * @param dir an existing directory, in which all of it lies
   */
  static PushedRepository create(TimedProcess processes, Path dir, String name)
      throws IOException, InterruptedException {
    PushedRepository made = new PushedRepository(processes, dir, name);
    made.git(dir, "init", "--quiet", "--bare", "--initial-branch=main", made.bare.toString());
    made.git(dir, "init", "--quiet", "--initial-branch=main", made.clone.toString());
    made.git(made.clone, "remote", "add", "origin", made.bare.toString());
    return made;
  }

  /** Where the bare one is. */
  Path path() {
    return bare;
  }

  /** Writes a file, to be pushed with the next commit. */
  PushedRepository with(String path, String content) throws IOException {
    Path file = clone.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    return this;
  }

  /** Commits what was written and pushes it. */
  void push() throws IOException, InterruptedException {
    git(clone, "add", "--all");
    git(clone, "commit", "--quiet", "--message", "A change");
    git(clone, "push", "--quiet", "origin", "main");
  }

  /** From now on a webhook is told of every push. */
  void tell(URI webhook, Path secret) throws IOException {
    Path hook = bare.resolve("hooks/post-receive");
    Files.createDirectories(hook.getParent());
    Files.writeString(hook, PushFiles.hook(webhook, secret, pushed, answer));
    Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwx------"));
  }

  /**
   * As {@link #push}, and the webhook is told.
   *
   * @return when all was there and the host began to tell, by this machine's clock
   * @throws IOException also if the webhook does not answer with 202
   */
  Instant pushAndTell() throws IOException, InterruptedException {
    Files.deleteIfExists(pushed);
    Files.deleteIfExists(answer);
    push();
    String status = Files.exists(answer) ? Files.readString(answer).strip() : "nothing";
    if (!status.equals("202")) {
      throw new IOException("the webhook of %s was answered by %s".formatted(bare, status));
    }
    return Instant.ofEpochSecond(0, Long.parseLong(Files.readString(pushed).strip()));
  }

  /** Without what the machine or its user has set for Git. */
  private void git(Path where, String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("env", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1"));
    command.addAll(List.of("git", "-C", where.toString()));
    command.addAll(List.of("-c", "user.name=bench", "-c", "user.email=bench@example.org"));
    command.addAll(List.of(arguments));
    processes.run(command);
  }
}
