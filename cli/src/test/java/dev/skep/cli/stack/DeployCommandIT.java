package dev.skep.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.skep.cli.CliException;
import dev.skep.deployer.apply.Applier;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import dev.skep.testing.Shell;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the command ends with, and what it shows, straight on a real Engine. */
@RequiresEngine(alone = true)
@RequiresImage("haproxy:3.4")
class DeployCommandIT {
  private static final String STACK = "gt-deploy";

  private static final String NOWHERE =
      """
      services:
        web:
          image: haproxy:3.4
          networks: [host]
          deploy: {placement: {constraints: [node.labels.gt-nowhere==x]}}
      networks: {host: {external: true}}
      """;

  private static final String RUNS =
      """
      services:
        web:
          image: haproxy:3.4
          entrypoint: [sleep, "1000"]
          stop_grace_period: 0s
          networks: [host]
          deploy: {update_config: {monitor: 500ms}}
      networks: {host: {external: true}}
      """;

  @TempDir Path dir;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final PrintStream before = System.out;
  private String error = "";

  @BeforeEach
  void begin() {
    remove();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void end() {
    System.setOut(before);
    remove();
  }

  private static void remove() {
    try (EngineClient engine = EngineClient.connect(EngineConfig.local())) {
      new Applier(engine).remove(STACK, step -> {});
    }
  }

  private int deploy(String yaml, String... more) throws Exception {
    Path file = Files.writeString(dir.resolve("stack.yml"), yaml);
    List<String> args = new ArrayList<>(List.of("deploy", "-c", file.toString()));
    args.addAll(List.of("--direct", "--resolve-image", "never"));
    args.addAll(List.of(more));
    args.add(STACK);
    out.reset();
    return new CommandLine(new StackCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (e, command, parsed) -> {
              error = e.getMessage();
              return ((CliException) e).exitCode();
            })
        .execute(args.toArray(String[]::new));
  }

  private String shown() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void endsWithOneAndTheReasonWhenAServiceDoesNotComeInTimeAndDetachedWithZero() throws Exception {
    assertThat(deploy(NOWHERE, "--timeout", "2s")).isEqualTo(1);
    assertThat(error)
        .contains("service gt-deploy_web", "the placement constraints leave out 1 node");
    assertThat(shown())
        .contains("created service gt-deploy_web", "unsettled service gt-deploy_web");

    assertThat(deploy(NOWHERE, "--detach=false", "--timeout", "2s")).isEqualTo(1);
    assertThat(deploy(NOWHERE, "-d")).isZero();
  }

  @Test
  void aStackThatIsNotThereIsNotSaidToBeRemovedAndKeepsNoOtherFromIt() throws Exception {
    deploy(NOWHERE, "-d");
    out.reset();

    int code = new CommandLine(new StackCommand()).execute("rm", "--direct", "gt-none", STACK);

    assertThat(code).isZero();
    assertThat(shown()).endsWith("removed gt-deploy\n").doesNotContain("gt-none");
  }

  @Test
  void endsWithZeroWhenAllHasSettledAndQuietlyShowsNothing() throws Exception {
    assertThat(deploy(RUNS)).isZero();
    assertThat(shown().lines())
        .containsExactly(
            "created service gt-deploy_web", "settled service gt-deploy_web (1/1 running)");

    assertThat(deploy(RUNS.replace("1000", "1001"), "-q")).isZero();
    assertThat(shown()).isEmpty();
  }

  @Test
  void toldToEndItSaysWhatGoesOnAndTheHistoryTellsOfIt() throws Exception {
    Path file = Files.writeString(dir.resolve("stack.yml"), NOWHERE);
    Path shown = dir.resolve("shown.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.skep.cli.Main",
            "stack",
            "deploy",
            "--direct",
            "--resolve-image=never",
            "--compose-file",
            file.toString(),
            STACK);
    Process process = builder.redirectErrorStream(true).redirectOutput(shown.toFile()).start();
    try {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> Files.readString(shown).contains("created service"));

      // Ctrl-C goes the same way; without a terminal a shell's background has it ignored.
      Shell.ok("kill", "-TERM", Long.toString(process.pid()));

      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(143);
      assertThat(Files.readString(shown)).contains("interrupted: Swarm goes on");
      assertThat(new CommandLine(new StackCommand()).execute("history", "--direct", STACK))
          .isZero();
      assertThat(shown()).contains("failed (current)", "interrupted");
    } finally {
      process.destroyForcibly();
    }
  }
}
