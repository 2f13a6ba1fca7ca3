package dev.skep.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.CliException;
import dev.skep.cli.EngineOptions;
import dev.skep.cli.StateDir;
import dev.skep.cli.StateOptions;
import dev.skep.engine.EngineClient;
import dev.skep.engine.Filters;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.TopicAdmin;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts the state of a file into an empty store. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Put the state that skep export wrote into an empty store. The services must not run"
          + " meanwhile;",
      "what is wrong is told before anything is written, and all is written or nothing."
    })
public final class ImportCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** A task's grace period is 10 s; a node that is down keeps counting its tasks for a while. */
  private static final Duration ENDING = Duration.ofMinutes(1);

  private static final Duration TICK = Duration.ofMillis(250);

  /** Who writes to the store by itself. Agents only report, and report again. */
  private static final List<String> WRITERS =
      List.of("skep_inventory", "skep_deployer", "skep_edge-config", "skep_cert");

  @Parameters(paramLabel = "FILE", description = "of skep export; - is standard input")
  private String file;

  @Option(names = "--force", description = "overwrite what the store holds")
  private boolean force;

  @Mixin StateOptions stateOptions;
  @Mixin EngineOptions engine;

  @Override
  public Integer call() throws Exception {
    Path source = file.equals("-") ? spooled() : Path.of(file);
    try {
      return load(source);
    } finally {
      if (file.equals("-")) {
        Files.deleteIfExists(source);
      }
    }
  }

  private int load(Path source) throws Exception {
    StateDir state = stateOptions.state();
    if (!Files.isReadable(source)) {
      throw new CliException("cannot read " + source);
    }
    // First of all, wherever the store is.
    ExportFile.read(source, _ -> {});
    if (Store.inside(System.getenv())) {
      try (Store store = Store.ofCluster(System.getenv())) {
        new KafkaInit(store.kafka(), new PrintStream(OutputStream.nullOutputStream()), PATIENCE)
            .run(true);
        run(store, source);
      }
      return 0;
    }
    if (Store.isLocal(state)) {
      try (Store store = LocalStore.open(state, true)) {
        TopicAdmin.ensure(store.kafka(), Topics.all());
        run(store, source);
      }
      System.out.println("Next: ./skep up, then ./skep adopt");
      return 0;
    }
    return stack(source);
  }

  private void run(Store store, Path source) throws IOException {
    ExportFile export = new StoreImport(store.kafka(), System.out::println).run(source, force);
    System.out.println("imported the state of " + export.time());
    System.out.println(export.summary());
  }

  private int stack(Path source) throws Exception {
    try (EngineClient client = engine.connect()) {
      ClusterSession session =
          ClusterSession.find(client).orElseThrow(() -> new CliException(Inside.NOT_RUNNING, 3));
      requireStopped(client);
      List<String> args = new ArrayList<>(List.of("import", "-"));
      if (force) {
        args.add("--force");
      }
      int code;
      try (InputStream in = Files.newInputStream(source)) {
        code = session.exec(in, System.out, System.err, args);
      }
      if (code == 0) {
        System.out.println(
            "Next: docker service scale --detach " + scaled(1) + "; then skep adopt");
      }
      return code;
    }
  }

  /** Those that were told to end are waited for: the command before this one was just that. */
  private static void requireStopped(EngineClient client) throws InterruptedException {
    Instant deadline = Instant.now().plus(ENDING);
    while (true) {
      List<String> wanted = writersWith(client, "DesiredTasks");
      if (!wanted.isEmpty()) {
        throw new CliException(
            String.join(", ", wanted)
                + " run and would write meanwhile. First: docker service scale "
                + scaled(0));
      }
      List<String> ending = writersWith(client, "RunningTasks");
      if (ending.isEmpty()) {
        return;
      }
      if (Instant.now().isAfter(deadline)) {
        throw new CliException(
            "%s still run after %d s, though no longer wanted: see docker service ps %s"
                .formatted(String.join(", ", ending), ENDING.toSeconds(), ending.getFirst()));
      }
      Thread.sleep(TICK);
    }
  }

  private static List<String> writersWith(EngineClient client, String count) {
    List<String> names = new ArrayList<>();
    for (JsonNode service : client.services(true, Filters.of("name", WRITERS))) {
      String name = service.path("Spec").path("Name").asText();
      if (WRITERS.contains(name) && service.path("ServiceStatus").path(count).asInt() > 0) {
        names.add(name);
      }
    }
    return names;
  }

  private static String scaled(int replicas) {
    return WRITERS.stream().map(w -> w + "=" + replicas).collect(Collectors.joining(" "));
  }

  private static Path spooled() throws IOException {
    Path spool = Files.createTempFile("skep-import", ".gz");
    Files.copy(System.in, spool, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    return spool;
  }
}
