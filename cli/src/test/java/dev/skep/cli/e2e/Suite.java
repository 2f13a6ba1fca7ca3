package dev.skep.cli.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.StateDir;
import dev.skep.model.Json;
import dev.skep.testing.Ports;
import dev.skep.testing.Shell;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A suite of its own for a test: directories and ports that nobody else has. */
final class Suite implements AutoCloseable {
  final Path stateDir;
  final Path edgeDir;
  final int apiPort = Ports.free();
  final int httpPort = Ports.free();
  final int httpsPort = Ports.free();
  private final HttpClient http = HttpClient.newHttpClient();

  Suite() throws IOException {
    stateDir = Files.createTempDirectory("skep-state").toRealPath();
    edgeDir = Files.createTempDirectory("skep-edge").toRealPath();
  }

  StateDir state() {
    return new StateDir(stateDir);
  }

  /** Runs {@code skep ARGS} in a process of its own. */
  Shell.Result skep(String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.skep.cli.Main"));
    command.addAll(List.of(args));
    return Shell.run(
        command,
        Map.of(
            "SKEP_HOME", System.getProperty("skep.root"), "SKEP_STATE_DIR", stateDir.toString()));
  }

  /** {@code skep up} on this suite's ports; must succeed. */
  String up(String... more) throws Exception {
    Shell.Result result = tryUp(more);
    if (result.exit() != 0) {
      throw new IOException("up ended with " + result.exit() + ":\n" + result.output());
    }
    return result.output();
  }

  Shell.Result tryUp(String... more) throws Exception {
    List<String> args =
        new ArrayList<>(
            List.of(
                "up",
                "--yes",
                "--edge-dir",
                edgeDir.toString(),
                "--api-port",
                Integer.toString(apiPort),
                "--http-port",
                Integer.toString(httpPort),
                "--https-port",
                Integer.toString(httpsPort)));
    args.addAll(List.of(more));
    return skep(args.toArray(String[]::new));
  }

  /** curl over HTTPS, checked against the suite's own CA. */
  Shell.Result curl(String host, String path) throws Exception {
    return Shell.run(
        List.of(
            "curl",
            "-sS",
            "--max-time",
            "5",
            "--cacert",
            state().ca().toString(),
            "--resolve",
            host + ":" + httpsPort + ":127.0.0.1",
            "-w",
            "\nstatus=%{http_code}\n",
            "https://" + host + ":" + httpsPort + path),
        Map.of());
  }

  /** A plain request to the edge, redirects not followed: the answer with its head. */
  String plain(String host, String path) throws Exception {
    return Shell.run(
            List.of(
                "curl",
                "-sS",
                "-i",
                "--max-time",
                "5",
                "-H",
                "Host: " + host,
                "http://127.0.0.1:" + httpPort + path),
            Map.of())
        .output();
  }

  /** The API's answer to the suite's token. */
  JsonNode api(String path) throws Exception {
    HttpResponse<String> answer = get(path, state().tokenValue());
    if (answer.statusCode() != 200) {
      throw new IOException(path + " answered " + answer.statusCode() + ": " + answer.body());
    }
    return Json.mapper().readTree(answer.body());
  }

  /** GET on the API port; no Authorization if {@code token} is null. */
  HttpResponse<String> get(String path, String token) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + apiPort + path));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    try {
      skep("down", "--purge");
    } catch (Exception e) {
      throw new IllegalStateException("down failed", e);
    } finally {
      http.close();
    }
  }
}
