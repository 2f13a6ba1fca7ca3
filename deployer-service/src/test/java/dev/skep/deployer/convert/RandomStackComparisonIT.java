package dev.skep.deployer.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.skep.deployer.compose.Compose;
import dev.skep.deployer.compose.ComposeCases;
import dev.skep.deployer.compose.ComposeException;
import dev.skep.testing.RequiresCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is made of files that were put together at random is what docker's client makes of them; and
 * what it refuses is refused.
 *
 * <p>A few stacks, always the same ones; {@code -Dskep.random.stacks=200} tries that many others,
 * {@code -Dskep.random.seed=N} those of a seed that was printed.
 */
@RequiresCommand("docker")
class RandomStackComparisonIT {
  private static final String STACK = "dt-random";
  private static final int FEW = 20;
  private static final int AT_A_TIME = 3;

  @TempDir static Path dir;

  /** What both made of one stack; "" for refused. */
  private record Outcome(long seed, List<Path> files, String ours, String theirs) {
    boolean differs() {
      return !ours.equals(theirs);
    }

    String told() throws IOException {
      StringBuilder text = new StringBuilder("seed " + seed + "\n");
      for (Path file : files) {
        text.append("--- ").append(file.getFileName()).append('\n').append(Files.readString(file));
      }
      return text.append("=== ours\n").append(ours).append("\n=== theirs\n").append(theirs) + "\n";
    }
  }

  @BeforeAll
  static void prepare() throws Exception {
    assumeTrue(
        DockerClient.isTheRecorded(),
        "docker's client " + DockerClient.RECORDED + " is not installed");
    Files.createDirectories(dir.resolve("files"));
    try (Stream<Path> files = Files.list(ComposeCases.directory().resolve("files"))) {
      for (Path file : files.toList()) {
        Files.copy(file, dir.resolve("files").resolve(file.getFileName()));
      }
    }
  }

  @Test
  void bothMakeTheSameOfIt() throws Exception {
    int count = Integer.getInteger("skep.random.stacks", FEW);
    long first = Long.getLong("skep.random.seed", count == FEW ? 1 : System.currentTimeMillis());
    List<Future<Outcome>> runs = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(AT_A_TIME)) {
      for (long seed = first; seed < first + count; seed++) {
        long one = seed;
        runs.add(pool.submit(() -> compare(one)));
      }
    }

    List<String> different = new ArrayList<>();
    int taken = 0;
    for (Future<Outcome> run : runs) {
      Outcome outcome = run.get();
      taken += outcome.theirs().startsWith("{") ? 1 : 0;
      if (outcome.differs()) {
        different.add(outcome.told());
      }
    }
    System.out.printf("%d random stacks from seed %d, %d taken%n", count, first, taken);
    assertThat(different).as("of %d stacks from seed %d", count, first).isEmpty();
    assertThat(taken).as("stacks that the client takes").isGreaterThan(count * 3 / 4);
  }

  private static Outcome compare(long seed) throws Exception {
    List<Path> files = new ArrayList<>();
    for (String text : RandomStack.files(seed)) {
      files.add(Files.writeString(dir.resolve(seed + "-" + files.size() + ".yml"), text));
    }
    String ours;
    String problems = "";
    try {
      ours =
          Comparison.canonical(
              Converter.convert(Compose.load(files, ComposeCases.VARIABLES), STACK).toJson());
    } catch (ComposeException e) {
      ours = "refused";
      problems = e.getMessage();
    }
    try (RecordingEngine engine = new RecordingEngine()) {
      DockerClient.Run run = DockerClient.deploy(engine, STACK, files, ComposeCases.VARIABLES);
      String theirs = run.exit() == 0 ? Comparison.sent(engine) : "refused";
      boolean differ = !ours.equals(theirs);
      return new Outcome(
          seed,
          files,
          differ && !problems.isEmpty() ? problems : ours,
          differ && run.exit() != 0 ? run.output() : theirs);
    }
  }
}
