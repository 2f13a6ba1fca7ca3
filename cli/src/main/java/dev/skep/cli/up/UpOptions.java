package dev.skep.cli.up;

import dev.skep.cli.CliException;
import dev.skep.cli.StateDir;
import dev.skep.model.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * How the all-in-one runs. Kept in the state directory: a later {@code up} without options goes on
 * with the same ones.
 *
 * @param engine the Engine's address
 * @param edgeDir what HAProxy serves from; outlives the state directory
 * @param image HAProxy's
 * @param apiPort of console, API and metrics, on loopback
 * @param httpPort of the edge
 * @param httpsPort of the edge
 * @param kafka an existing cluster's bootstrap servers; null: the embedded broker
 * @param acmeDirectory null: the internal CA issues
 * @param acmeEmail null: none
 * @param acmeCaFile what the ACME directory's own TLS certificate is checked against; null: the
 *     system's trust
 */
public record UpOptions(
    String engine,
    String edgeDir,
    String image,
    int apiPort,
    int httpPort,
    int httpsPort,
    String kafka,
    String acmeDirectory,
    String acmeEmail,
    String acmeCaFile) {

  /** What applies where neither the command line nor an earlier start says anything. */
  public static final UpOptions DEFAULTS =
      new UpOptions(
          "unix:///var/run/docker.sock",
          "/var/lib/skep-edge",
          "haproxy:3.4",
          8420,
          80,
          443,
          null,
          null,
          null,
          null);

  /** The options of the last start on {@code state}, or the defaults. */
  public static UpOptions remembered(StateDir state) {
    if (Files.notExists(state.options())) {
      return DEFAULTS;
    }
    try {
      return Json.mapper().readValue(state.options().toFile(), UpOptions.class);
    } catch (IOException e) {
      throw new CliException(
          "cannot read " + state.options() + ": " + e.getMessage() + "; delete it and start again");
    }
  }

  /**
   * Checks what can be checked before anything is started.
   *
   * @throws CliException naming every option that cannot be so
   */
  public void check() {
    List<String> problems = new ArrayList<>();
    Map<Integer, String> ports = new HashMap<>();
    port(problems, ports, "--api-port", apiPort);
    port(problems, ports, "--http-port", httpPort);
    port(problems, ports, "--https-port", httpsPort);
    uri(problems, "--engine", engine, Set.of("unix", "tcp"));
    uri(problems, "--acme-directory", acmeDirectory, Set.of("https", "http"));
    if (acmeCaFile != null && !Files.isReadable(Path.of(acmeCaFile))) {
      problems.add("--acme-ca-file " + acmeCaFile + " cannot be read");
    }
    if (!problems.isEmpty()) {
      throw new CliException(String.join("\nskep: ", problems), 2);
    }
  }

  private static void port(
      List<String> problems, Map<Integer, String> ports, String option, int port) {
    if (port < 1 || port > 65_535) {
      problems.add(option + " " + port + " is no port: give one from 1 to 65535");
      return;
    }
    String other = ports.putIfAbsent(port, option);
    if (other != null) {
      problems.add(other + " and " + option + " are both " + port + ": give each its own");
    }
  }

  private static void uri(List<String> problems, String option, String value, Set<String> schemes) {
    if (value == null) {
      return;
    }
    String scheme;
    try {
      scheme = new URI(value).getScheme();
    } catch (URISyntaxException e) {
      scheme = null;
    }
    if (scheme == null || !schemes.contains(scheme.toLowerCase(Locale.ROOT))) {
      problems.add(
          option + " " + value + " must begin with one of " + new TreeSet<>(schemes) + " and ://");
    }
  }

  /** Keeps them for the next start. */
  public void remember(StateDir state) {
    StateDir.writeJson(state.options(), this);
  }

  /** What differs from {@code other}: option name to "theirs, not ours". */
  public Map<String, String> differences(UpOptions other) {
    Map<String, String> result = new LinkedHashMap<>();
    compare(result, "--engine", engine, other.engine);
    compare(result, "--edge-dir", edgeDir, other.edgeDir);
    compare(result, "--api-port", apiPort, other.apiPort);
    compare(result, "--http-port", httpPort, other.httpPort);
    compare(result, "--https-port", httpsPort, other.httpsPort);
    compare(result, "--kafka", kafka, other.kafka);
    compare(result, "--acme-directory", acmeDirectory, other.acmeDirectory);
    compare(result, "--acme-email", acmeEmail, other.acmeEmail);
    compare(result, "--acme-ca-file", acmeCaFile, other.acmeCaFile);
    return result;
  }

  private static void compare(Map<String, String> into, String name, Object ours, Object theirs) {
    if (!Objects.equals(ours, theirs)) {
      into.put(name, theirs + ", not " + ours);
    }
  }
}
