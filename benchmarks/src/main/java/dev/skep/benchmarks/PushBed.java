package dev.skep.benchmarks;

import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.runtime.config.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * All that the benchmark {@code push-latency} starts: a deployer, a registry if the Engine has one,
 * repositories that are declared to the deployer. Closing it removes all of that, and its stacks.
 */
final class PushBed implements AutoCloseable {
  private static final String NAME = "skep-bench-push";

  /** A stack of its own, in a repository of its own. */
  static final String ONE = PushStacks.PREFIX + "one";

  /** A stack that follows the registry. */
  static final String FOLLOWING = PushStacks.PREFIX + "following";

  private final EngineClient engine;
  private final PushStacks stacks;
  private final Path dir;
  private final Path secret;
  private final Path sources;
  private final TimedProcess processes;
  private final Map<String, PushedRepository> repositories = new LinkedHashMap<>();
  private OwnDeployer deployer;
  private Optional<PushedRegistry> registry = Optional.empty();

  /**
   * Starts nothing yet.
   *
   * @param limit of each command that is run
   */
  PushBed(EngineClient engine, Duration limit) throws IOException {
    this.engine = engine;
    this.stacks = new PushStacks(engine);
    this.dir = Files.createTempDirectory(NAME);
    this.secret = Files.writeString(dir.resolve("webhook"), word());
    this.sources = dir.resolve("sources.yml");
    this.processes = new TimedProcess(dir.resolve("log"), limit);
  }

  /** Nobody guesses it. */
  private static String word() {
    byte[] bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * Starts the deployer and the registry.
   *
   * @param fatal told of what must end the process
   */
  void start(Consumer<Throwable> fatal) throws Exception {
    removeLeft();
    Secret hook = new Secret(word());
    deployer = OwnDeployer.start(engine, dir, sources, new Secret(word()), hook, fatal);
    if (PushedRegistry.possible(engine.config().host())) {
      registry =
          Optional.of(
              PushedRegistry.start(
                  processes,
                  engine.config().host(),
                  dir,
                  deployer.at("/hooks/registry"),
                  hook.reveal()));
      push("first");
    }
  }

  private void push(String content) throws IOException, InterruptedException {
    registry.orElseThrow().build(content);
    var _ = registry.orElseThrow().push();
  }

  PushStacks stacks() {
    return stacks;
  }

  OwnDeployer deployer() {
    return deployer;
  }

  /** Empty where the Engine has none. */
  Optional<PushedRegistry> registry() {
    return registry;
  }

  /** What services run, in name: none of their tasks is to run. */
  String image() {
    return registry.map(PushedRegistry::image).orElse("haproxy:3.4");
  }

  /** An empty repository, of which the deployer knows nothing before {@link #declare}. */
  PushedRepository repository(String name) throws IOException, InterruptedException {
    PushedRepository made = PushedRepository.create(processes, dir, name);
    repositories.put(name, made);
    return made;
  }

  /**
   * Has the deployer apply what was pushed so far to all repositories, waits for it, and has it
   * told of what is pushed from now on.
   *
   * @param limit for each of them
   */
  void declare(Duration limit) throws IOException, InterruptedException {
    StringBuilder text = new StringBuilder("sources:\n");
    for (Map.Entry<String, PushedRepository> entry : repositories.entrySet()) {
      String name = entry.getKey();
      PushedRepository repository = entry.getValue();
      repository.tell(deployer.at("/hooks/git/" + name), secret);
      text.append(PushFiles.source(name, repository.path(), secret, registry.isPresent()));
    }
    Files.writeString(sources, text);
    for (String name : repositories.keySet()) {
      deployer.awaitApplied(name, limit);
    }
  }

  /** Of a run that was killed. */
  private void removeLeft() throws IOException {
    stacks.removeAll();
    PushedRegistry.removeAll(engine.config().host());
  }

  @Override
  public void close() {
    if (deployer != null) {
      // First, so that it brings back nothing.
      deployer.close();
    }
    try {
      stacks.removeAll();
    } catch (EngineException e) {
      System.err.println(
          "Stacks " + PushStacks.PREFIX + "* may be left on the Engine: " + e.getMessage());
    }
    try {
      PushedRegistry.removeAll(engine.config().host());
    } catch (IOException e) {
      System.err.println("The registry may be left on the Engine: " + e.getMessage());
    }
    try (var files = Files.walk(dir)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.println(dir + " is left: " + e.getMessage());
    }
  }
}
