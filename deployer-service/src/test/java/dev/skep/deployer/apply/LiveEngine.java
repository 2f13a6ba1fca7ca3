package dev.skep.deployer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.compose.Compose;
import dev.skep.deployer.compose.ComposeCases;
import dev.skep.deployer.convert.Converter;
import dev.skep.deployer.convert.Namespace;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.engine.EngineException;
import dev.skep.engine.Filters;
import dev.skep.engine.Query;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The real Engine for tests that deploy: every stack with the prefix goes before and after each.
 * Tests that run beside others on one Engine have a prefix of their own.
 */
public final class LiveEngine implements BeforeEachCallback, AfterEachCallback {
  /** The prefix of these tests' stacks. */
  public static final String PREFIX = "dt-";

  /** The options of tests: no registry is in reach, and no task is waited for. */
  public static final ApplyOptions OPTIONS =
      new ApplyOptions(false, ResolveImage.NEVER, Map.of()).detached();

  private final EngineClient client = EngineClient.connect(EngineConfig.of(address()));
  private final String prefix;

  public LiveEngine() {
    this(PREFIX);
  }

  /** For stacks of another prefix, which others' tests leave alone. */
  public LiveEngine(String prefix) {
    this.prefix = prefix;
  }

  /** Where the Engine is. */
  public URI address() {
    return URI.create(
        Optional.ofNullable(System.getenv("DOCKER_HOST")).orElse("unix:///var/run/docker.sock"));
  }

  public EngineClient client() {
    return client;
  }

  public Applier applier() {
    return new Applier(client);
  }

  /** A compose text as a stack's objects; relative paths begin in {@code directory}. */
  public static StackObjects objects(Path directory, String stack, String yaml) {
    try {
      Path file = Files.writeString(directory.resolve("stack.yml"), yaml);
      return Converter.convert(Compose.load(List.of(file), ComposeCases.VARIABLES), stack);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The versions of everything that a stack has, by kind and name. */
  public Map<String, Long> versions(String stack) {
    Map<String, Long> versions = new TreeMap<>();
    Filters filters = Filters.of("label", Namespace.LABEL + "=" + stack);
    for (String kind : List.of("services", "secrets", "configs")) {
      for (JsonNode object : client.get("/" + kind, Query.of(filters))) {
        versions.put(
            kind + "/" + object.path("Spec").path("Name").asText(),
            object.path("Version").path("Index").asLong());
      }
    }
    for (JsonNode network : client.networks(filters)) {
      versions.put("networks/" + network.path("Name").asText(), 0L);
    }
    return versions;
  }

  /** All that a stack has, as {@code kind/name}, sorted; what is there twice is there twice. */
  public List<String> objects(String stack) {
    List<String> objects = new ArrayList<>(versions(stack).keySet());
    objects.removeIf(o -> o.startsWith("networks/"));
    client
        .networks(Filters.of("label", Namespace.LABEL + "=" + stack))
        .forEach(n -> objects.add("networks/" + n.path("Name").asText()));
    objects.sort(null);
    return objects;
  }

  /** As {@link #versions}, when Swarm has done with what it does to new services by itself. */
  public Map<String, Long> settledVersions(String stack) {
    AtomicReference<Map<String, Long>> last = new AtomicReference<>(Map.of());
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .during(Duration.ofMillis(700))
        .until(
            () -> {
              Map<String, Long> now = versions(stack);
              return now.equals(last.getAndSet(now));
            });
    return last.get();
  }

  /** The services of a stack that were ever updated. */
  public List<String> previousSpecs(String stack) {
    List<String> updated = new ArrayList<>();
    Filters filters = Filters.of("label", Namespace.LABEL + "=" + stack);
    for (JsonNode service : client.services(false, filters)) {
      if (service.has("PreviousSpec")) {
        updated.add(service.path("Spec").path("Name").asText());
      }
    }
    return updated;
  }

  /** Changes a service as a person would, whatever Swarm itself does to it meanwhile. */
  public void change(String service, Consumer<ObjectNode> edit) {
    Conflicts.retry(
        10,
        EngineException::isOutOfSequence,
        () -> {
          JsonNode live = client.service(service);
          ObjectNode spec = live.path("Spec").deepCopy();
          edit.accept(spec);
          long version = live.at("/Version/Index").asLong();
          return client.updateService(live.path("ID").asText(), version, spec, null, null);
        });
  }

  /** A service with the state of its last update and the counts of its tasks. */
  public JsonNode service(String name) {
    for (JsonNode service : client.services(true, Filters.of("name", name))) {
      if (service.path("Spec").path("Name").asText().equals(name)) {
        return service;
      }
    }
    throw new AssertionError("no service " + name);
  }

  /** How many of its tasks run. */
  public int running(String service) {
    return service(service).at("/ServiceStatus/RunningTasks").asInt();
  }

  public List<String> environment(String service) {
    return environmentIn(service(service).path("Spec"));
  }

  public List<String> previousEnvironment(String service) {
    return environmentIn(service(service).path("PreviousSpec"));
  }

  private static List<String> environmentIn(JsonNode spec) {
    List<String> entries = new ArrayList<>();
    spec.at("/TaskTemplate/ContainerSpec/Env").forEach(e -> entries.add(e.asText()));
    return entries;
  }

  /** When the last update of a service was begun, by Swarm's clock. */
  public Instant updatedAt(String service) {
    return Instant.parse(service(service).at("/UpdateStatus/StartedAt").asText());
  }

  /** When it was done. */
  public Instant updateCompletedAt(String service) {
    return Instant.parse(service(service).at("/UpdateStatus/CompletedAt").asText());
  }

  public ObjectNode spec(String service) {
    return (ObjectNode) client.service(service).path("Spec");
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    clean();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    clean();
  }

  private void clean() {
    for (JsonNode service : client.services(false)) {
      String stack = service.path("Spec").path("Labels").path(Namespace.LABEL).asText();
      if (stack.startsWith(prefix)) {
        applier().remove(stack, s -> {});
      }
    }
    for (String kind : List.of("secrets", "configs")) {
      for (JsonNode object : client.get("/" + kind, Query.none())) {
        String name = object.path("Spec").path("Name").asText();
        if (name.startsWith(prefix) || name.startsWith("skep-rev-" + prefix)) {
          client.delete("/" + kind + "/" + object.path("ID").asText(), Query.none());
        }
      }
    }
    for (JsonNode network : client.networks(Filters.of("scope", "swarm"))) {
      String stack = network.path("Labels").path(Namespace.LABEL).asText();
      if (stack.startsWith(prefix)) {
        applier().remove(stack, s -> {});
      }
    }
  }
}
