package dev.skep.deployer.convert;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The machine's {@code docker} command, for an Engine that only records, or a real one. */
public final class DockerClient {
  /** The client whose requests are recorded. */
  static final String RECORDED = "28.2.2";

  /** What it printed on both streams, and its exit code. */
  public record Run(int exit, String output) {}

  private DockerClient() {}

  /** Whether it is the very client whose requests are recorded. */
  static boolean isTheRecorded() throws IOException, InterruptedException {
    Process process = new ProcessBuilder("docker", "--version").redirectErrorStream(true).start();
    String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return version.contains("version " + RECORDED + ",");
  }

  /** {@code docker stack deploy} with these variables and no others. */
  static Run deploy(
      RecordingEngine engine, String stack, List<Path> files, Map<String, String> variables)
      throws IOException, InterruptedException {
    return deploy(engine, stack, files, variables, List.of("--resolve-image", "never"));
  }

  /** With other flags. The variables may have a PATH, by which credential helpers are found. */
  static Run deploy(
      RecordingEngine engine,
      String stack,
      List<Path> files,
      Map<String, String> variables,
      List<String> flags)
      throws IOException, InterruptedException {
    return deploy(engine.address(), stack, files, variables, flags);
  }

  /** On any Engine: {@code unix:///PATH} or {@code tcp://HOST:PORT}. */
  public static Run deploy(
      String host,
      String stack,
      List<Path> files,
      Map<String, String> variables,
      List<String> flags)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker", "stack", "deploy"));
    command.addAll(flags);
    files.forEach(f -> command.addAll(List.of("-c", f.toString())));
    command.add(stack);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> env = builder.environment();
    String path = env.get("PATH");
    env.clear();
    env.put("PATH", path);
    env.putAll(variables);
    env.put("DOCKER_HOST", host);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("the docker client did not end");
    }
    return new Run(process.exitValue(), output);
  }
}
