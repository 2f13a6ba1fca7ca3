package dev.skep.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.ApiClient;
import dev.skep.cli.CliException;
import dev.skep.cli.Names;
import dev.skep.cli.Progress;
import dev.skep.cli.StateDir;
import dev.skep.cli.StateOptions;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts everything on this machine, in one process, and the edge proxy as a Swarm service. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = {
      "Start the suite on this machine.",
      "Options that are not given are those of the last start; an empty value takes one back."
    })
public final class UpCommand implements Callable<Integer> {
  private static final Duration START_PATIENCE = Duration.ofSeconds(90);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);
  private static final Duration EDGE_PATIENCE = Duration.ofSeconds(60);

  @Mixin StateOptions stateOptions;

  /** The launcher's: it has been heeded before this starts. */
  @Option(
      names = "--yes",
      description = "install what is missing and make the machine a one-node Swarm if it is none")
  void yes(boolean ignored) {}

  @Option(names = "--demo", description = "deploy a small labelled web service")
  private boolean demo;

  @Option(names = "--engine", paramLabel = "URI", description = "the Docker Engine's address")
  private String engine;

  @Option(
      names = "--edge-dir",
      paramLabel = "DIR",
      description = "what HAProxy serves from (default: /var/lib/skep-edge)")
  private String edgeDir;

  @Option(names = "--api-port", paramLabel = "PORT", description = "console and API (8420)")
  private Integer apiPort;

  @Option(names = "--http-port", paramLabel = "PORT", description = "the edge's HTTP port (80)")
  private Integer httpPort;

  @Option(names = "--https-port", paramLabel = "PORT", description = "the edge's HTTPS port (443)")
  private Integer httpsPort;

  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT",
      description = "use this Kafka cluster, not an embedded broker")
  private String kafka;

  @Option(
      names = "--acme-directory",
      paramLabel = "URL",
      description = "obtain certificates from this ACME directory, not the internal CA")
  private String acmeDirectory;

  @Option(names = "--acme-email", paramLabel = "A", description = "the ACME account's address")
  private String acmeEmail;

  @Option(
      names = "--acme-ca-file",
      paramLabel = "PEM",
      description = "what the ACME directory's own certificate is checked against")
  private String acmeCaFile;

  private final Progress progress = new Progress(System.out);

  @Override
  public Integer call() throws Exception {
    StateDir state = stateOptions.state();
    state.prepare();
    UpOptions before = UpOptions.remembered(state);
    UpOptions options = options(before);
    options.check();
    try (EngineClient client =
        EngineClient.connect(EngineConfig.of(URI.create(options.engine())))) {
      JsonNode info = Preflight.manager(client);
      if (state.current().isPresent()) {
        refuseChanged(before.differences(options));
        progress.say("already running (pid " + state.current().get().pid() + ")");
      } else {
        Preflight.ports(options, Preflight.ourProxy(client));
        prepareEdge(options);
        options.remember(state);
        progress.step("starting broker and services", () -> startDaemon(state, options));
      }
      EdgeInstaller edge = new EdgeInstaller(client, progress);
      edge.install(options, info.path("Swarm").path("NodeID").asText());
      try (ApiClient api = new ApiClient(options.apiPort(), state.tokenValue())) {
        Await await = new Await(api);
        JsonNode edges =
            progress.step(
                "waiting for the edge to serve",
                () ->
                    await.until(
                        "the edge did not become ready; see docker service ps " + Names.HAPROXY,
                        EDGE_PATIENCE,
                        "/api/edges",
                        // The record alone may be the last run's.
                        seen ->
                            Await.storeRefused(seen)
                                || (Await.edgeReady(seen) && Await.partReady(api, "edge-agent"))));
        writeCa(state, api);
        if (Await.storeRefused(edges)) {
          throw new CliException(
              "the edge serves on from the store that it knows and takes nothing from this one,"
                  + " which is another or an older one (was "
                  + state.root()
                  + " deleted or restored?). If this one is right: ./skep adopt, then up again");
        }
        if (demo) {
          refuseForeignDemo(client);
          new Demo(api, progress, options).deploy();
        }
      }
    }
    summary(state, options);
    return 0;
  }

  private static void refuseForeignDemo(EngineClient client) {
    if (DemoStack.find(client) == DemoStack.FOREIGN) {
      throw new CliException(
          "a stack named "
              + Names.DEMO_STACK
              + " runs here that is not Skep's: leave --demo out, or rename that stack;"
              + " it was not touched, and the rest of Skep is up");
    }
  }

  private UpOptions options(UpOptions before) {
    return new UpOptions(
        engine(before),
        edgeDir == null
            ? before.edgeDir()
            : Path.of(edgeDir).toAbsolutePath().normalize().toString(),
        before.image(),
        or(apiPort, before.apiPort()),
        or(httpPort, before.httpPort()),
        or(httpsPort, before.httpsPort()),
        text(kafka, before.kafka()),
        text(acmeDirectory, before.acmeDirectory()),
        text(acmeEmail, before.acmeEmail()),
        acmeCaFile == null || acmeCaFile.isBlank()
            ? text(acmeCaFile, before.acmeCaFile())
            : Path.of(acmeCaFile).toAbsolutePath().normalize().toString());
  }

  /** The launcher has seen to the Engine that it names here: it must be the same one. */
  private String engine(UpOptions before) {
    return or(engine, or(System.getenv("SKEP_ENGINE_HOST"), before.engine()));
  }

  private static void refuseChanged(Map<String, String> differences) {
    if (!differences.isEmpty()) {
      throw new CliException(
          "already running with other options "
              + differences
              + ": ./skep down first, or leave them out");
    }
  }

  /** HAProxy binds this directory: the Engine refuses a bind mount whose source is missing. */
  private static void prepareEdge(UpOptions options) {
    try {
      Files.createDirectories(Path.of(options.edgeDir(), "run"));
    } catch (IOException e) {
      throw new CliException(
          "cannot make "
              + options.edgeDir()
              + " ("
              + e
              + "): run as root, or choose another --edge-dir");
    }
  }

  private static Void startDaemon(StateDir state, UpOptions options) throws Exception {
    Daemon daemon = new Daemon(state);
    Process process = daemon.start();
    try (ApiClient api = new ApiClient(options.apiPort(), state.tokenValue())) {
      long deadline = System.nanoTime() + START_PATIENCE.toNanos();
      while (System.nanoTime() < deadline) {
        if (!process.isAlive()) {
          throw daemon.failed("the suite ended while it started");
        }
        if (Await.servicesReady(api)) {
          return null;
        }
        Thread.sleep(100);
      }
    }
    // Left alone it would hold port and data, and the next up would find it half alive.
    daemon.stop(STOP_PATIENCE);
    throw daemon.failed("the suite was not ready after " + START_PATIENCE.toSeconds() + " s");
  }

  private static void writeCa(StateDir state, ApiClient api) throws Exception {
    ApiClient.Answer ca = api.get("/api/ca.pem");
    if (ca.ok()) {
      Files.writeString(state.ca(), ca.text());
    }
  }

  private static void summary(StateDir state, UpOptions o) {
    String port = o.httpsPort() == 443 ? "" : ":" + o.httpsPort();
    // With ACME the chain ends at that CA's root: the user's system knows it, or the user does.
    String trust = o.acmeDirectory() == null ? "--cacert " + state.ca() + " " : "";
    System.out.printf(
        """

        Skep is up.
          Console    http://localhost:%d/   access token: %s
          Demo       https://%s%s/  (with up --demo)
                     curl %s--resolve %s:%d:127.0.0.1 https://%s%s/
          CA file    %s  (of the internal CA)
          Metrics    http://localhost:%d/metrics
          Data       %s   edge: %s
          Log        %s
          Stop       ./skep down   (--purge removes the data)
        """,
        o.apiPort(),
        state.token(),
        Demo.HOST,
        port,
        trust,
        Demo.HOST,
        o.httpsPort(),
        Demo.HOST,
        port,
        state.ca(),
        o.apiPort(),
        state.root(),
        o.edgeDir(),
        state.log());
  }

  private static String text(String given, String before) {
    String value = or(given, before);
    return value == null || value.isBlank() ? null : value;
  }

  private static <T> T or(T given, T otherwise) {
    return given == null ? otherwise : given;
  }
}
