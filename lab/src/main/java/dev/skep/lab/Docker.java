package dev.skep.lab;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The {@code docker} command against one Engine. Safe for several threads. */
final class Docker {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** As the command {@code timeout} has it. */
  private static final int TIMED_OUT = 124;

  private static final File NULL = new File("/dev/null");
  private final String host;

  Docker(String host) {
    this.host = host;
  }

  /** Where the Engine is, as {@code DOCKER_HOST}. */
  String host() {
    return host;
  }

  /** Runs a command, whatever comes of it. */
  Result run(String... arguments) {
    return run(PATIENCE, List.of(arguments));
  }

  /** Runs a command, whatever comes of it; exit code 124 if it is ended for taking too long. */
  Result run(Duration patience, List<String> arguments) {
    try {
      Process process =
          builder(arguments).redirectInput(ProcessBuilder.Redirect.from(NULL)).start();
      try {
        Reader out = new Reader(process.getInputStream());
        Reader err = new Reader(process.getErrorStream());
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
          String late = " has not ended after " + patience.toSeconds() + " s at the Engine " + host;
          return new Result(TIMED_OUT, "", "docker " + arguments.getFirst() + late);
        }
        return new Result(process.exitValue(), out.text(), err.text());
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new LabException("docker cannot be run: " + e.getMessage() + ". Install docker.io.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted");
    }
  }

  /**
   * Runs a command that must end well, and returns its output.
   *
   * @throws LabException with what it wrote to standard error
   */
  String text(String... arguments) {
    return text(List.of(arguments));
  }

  /** The same. */
  String text(List<String> arguments) {
    Result result = run(PATIENCE, arguments);
    if (!result.ok()) {
      throw new LabException("docker " + arguments.getFirst() + " failed: " + result.reason());
    }
    return result.text();
  }

  /** The lines of what {@link #text} returns; none for an empty output. */
  List<String> lines(String... arguments) {
    String text = text(arguments);
    return text.isEmpty() ? List.of() : List.of(text.split("\n", -1));
  }

  /** Runs a command on this process's own input and outputs; returns its exit code. */
  int attached(List<String> arguments) {
    try {
      return builder(arguments).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new LabException("docker cannot be run: " + e.getMessage() + ". Install docker.io.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted");
    }
  }

  /** Unpacks what {@code docker save} writes of images. */
  void save(Collection<String> images, Path directory) {
    List<String> save = new ArrayList<>(List.of("save"));
    save.addAll(images);
    try {
      List<Process> pipe =
          ProcessBuilder.startPipeline(
              List.of(
                  builder(save),
                  new ProcessBuilder("tar", "-x", "-C", directory.toString())
                      .redirectErrorStream(true)));
      Reader out = new Reader(pipe.getLast().getInputStream());
      Reader err = new Reader(pipe.getFirst().getErrorStream());
      for (Process process : pipe) {
        if (process.waitFor() != 0) {
          throw new LabException("docker save failed: " + (err.text() + out.text()).strip());
        }
      }
    } catch (IOException e) {
      throw new LabException("docker save cannot be run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted");
    }
  }

  private ProcessBuilder builder(List<String> arguments) {
    List<String> command = new ArrayList<>(arguments.size() + 1);
    command.add("docker");
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment
        .keySet()
        .removeIf(name -> name.startsWith("DOCKER_") && !name.equals("DOCKER_CONFIG"));
    environment.put("DOCKER_HOST", host);
    return builder;
  }

  /** Reads one of a process's outputs while the other is being read too. */
  private static final class Reader {
    private final Thread thread;
    private String text = "";

    Reader(InputStream in) {
      thread =
          Thread.startVirtualThread(
              () -> {
                try (in) {
                  text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                } catch (IOException e) {
                  // The process was ended before it had: nobody reads this any more.
                }
              });
    }

    String text() throws InterruptedException {
      thread.join();
      return text;
    }
  }
}
