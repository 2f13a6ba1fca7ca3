package dev.skep.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.CliException;
import dev.skep.cli.Person;
import dev.skep.engine.EngineClient;
import dev.skep.engine.Filters;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The suite on a cluster, reached from one of its managers: nothing of it is published outside its
 * overlay networks, so that commands run inside, in the admin container that every manager has.
 */
public final class ClusterSession {
  /** The Swarm service whose containers commands run in. */
  public static final String ADMIN = "skep_admin";

  private static final String SERVICE_LABEL = "com.docker.swarm.service.name";

  private final URI engine;
  private final String container;

  private ClusterSession(URI engine, String container) {
    this.engine = engine;
    this.container = container;
  }

  /**
   * The session of the stack on this Engine's cluster; empty if no admin container runs on that
   * very node.
   *
   * @throws dev.skep.engine.EngineException if the Engine does not answer
   */
  public static Optional<ClusterSession> find(EngineClient client) {
    Filters admin = Filters.of("label", SERVICE_LABEL + "=" + ADMIN).and("status", "running");
    return client
        .containers(admin)
        .valueStream()
        .map(JsonNode.class::cast)
        .map(c -> new ClusterSession(client.config().host(), c.path("Id").asText()))
        .findFirst();
  }

  /** Runs {@code skep ARGS} inside, with nothing added to its environment. */
  public int exec(InputStream in, OutputStream out, OutputStream err, List<String> args)
      throws IOException, InterruptedException {
    return exec(in, out, err, Map.of(), args);
  }

  /**
   * Runs {@code skep ARGS} inside, on behalf of who runs this, and waits for its end.
   *
   * @param in what it reads; closed at its end. A secret belongs here, never among {@code args}
   * @param out gets what it writes to its standard output, as it comes
   * @param err gets what it writes to its standard error, as it comes
   * @param env added to its environment
   * @return its exit code
   * @throws CliException if there is no docker command
   * @throws IOException if {@code out} or {@code err} cannot be written
   */
  public int exec(
      InputStream in,
      OutputStream out,
      OutputStream err,
      Map<String, String> env,
      List<String> args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker", "exec", "-i"));
    String person = Person.current();
    if (!person.isEmpty()) {
      command.addAll(List.of("--env", Person.VARIABLE + "=" + person));
    }
    env.forEach((name, value) -> command.addAll(List.of("--env", name + "=" + value)));
    command.addAll(List.of(container, "skep"));
    command.addAll(args);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("DOCKER_HOST", engine.toString());
    builder.environment().remove("DOCKER_CONTEXT");
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new CliException(
          "commands run inside the cluster by `docker exec`, and there is no docker command here: "
              + e.getMessage());
    }
    Thread.ofPlatform().daemon().name("stdin").start(() -> feed(in, process));
    Pump errors = new Pump(process.getErrorStream(), err);
    Thread errorThread = Thread.ofVirtual().name("stderr").start(errors);
    Pump output = new Pump(process.getInputStream(), out);
    output.run();
    errorThread.join();
    int code = process.waitFor();
    output.rethrow();
    errors.rethrow();
    return code;
  }

  /** The other side may end without reading all: that is its own affair. */
  private static void feed(InputStream in, Process process) {
    try (OutputStream to = process.getOutputStream()) {
      byte[] buffer = new byte[16 * 1024];
      int read = in.read(buffer);
      while (read >= 0) {
        to.write(buffer, 0, read);
        to.flush();
        read = in.read(buffer);
      }
    } catch (IOException e) {
      // A pipe whose reader has ended; the exit code tells how.
    }
  }

  /** Passes on what comes, at once; when that fails goes on reading, so that the writer can end. */
  private static final class Pump implements Runnable {
    private final InputStream from;
    private final OutputStream to;
    private IOException failure;

    Pump(InputStream from, OutputStream to) {
      this.from = from;
      this.to = to;
    }

    @Override
    public void run() {
      byte[] buffer = new byte[16 * 1024];
      try (from) {
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
          write(buffer, n);
        }
      } catch (IOException e) {
        failure = e;
      }
    }

    private void write(byte[] buffer, int length) {
      if (failure != null) {
        return;
      }
      try {
        to.write(buffer, 0, length);
        to.flush();
      } catch (IOException e) {
        failure = e;
      }
    }

    void rethrow() throws IOException {
      if (failure != null) {
        throw failure;
      }
    }
  }
}
