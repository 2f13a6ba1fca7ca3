package dev.skep.cli.up;

import dev.skep.cli.CliException;
import dev.skep.cli.StateDir;
import dev.skep.model.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

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

  /** Keeps them for the next start. */
  public void remember(StateDir state) {
    StateDir.writeJson(state.options(), this);
  }

  /** What differs from {@code other}: option name to "theirs, not ours". */
  public Map<String, String> differences(UpOptions other) {
    Map<String, String> result = new LinkedHashMap<>();
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
