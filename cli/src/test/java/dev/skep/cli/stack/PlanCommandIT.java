package dev.skep.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.stackfiles.RecordingEngine;
import dev.skep.deployer.apply.Applier;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.model.Json;
import dev.skep.testing.RequiresEngine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command before a relay that tells what of it reached the real Engine. */
@RequiresEngine(alone = true)
class PlanCommandIT {
  private static final String STACK = "pt-plan";

  /** No task ever runs. */
  private static final String YAML =
      """
      services:
        web:
          image: 127.0.0.1:9/none:1
          environment: {V: "_V", API_TOKEN: "hunter_V"}
          configs: [c]
          secrets: [s]
          networks: [host]
          deploy: {replicas: 0}
      networks: {host: {external: true}}
      configs: {c: {content: "config-_V"}}
      secrets: {s: {file: s.txt}}
      """;

  @TempDir Path dir;
  private RecordingEngine relay;
  private String out;
  private String err;

  @BeforeEach
  void listen() throws Exception {
    remove();
    Files.writeString(dir.resolve("s.txt"), "hunter");
    relay = new RecordingEngine(dir.resolve("engine.sock"));
  }

  @AfterEach
  void close() {
    relay.close();
    remove();
  }

  private static void remove() {
    try (EngineClient engine =
        EngineClient.connect(EngineConfig.of(URI.create("unix:///var/run/docker.sock")))) {
      new Applier(engine).remove(STACK, step -> {});
      StackFiles.direct(engine).forget(STACK);
    }
  }

  private int skepStack(String... args) {
    StringWriter written = new StringWriter();
    StringWriter complained = new StringWriter();
    int code =
        new CommandLine(new StackCommand())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOut(new PrintWriter(written, true))
            .setErr(new PrintWriter(complained, true))
            .execute(args);
    out = written.toString();
    err = complained.toString();
    return code;
  }

  private int run(String command, String version, String... more) throws Exception {
    Path file = Files.writeString(dir.resolve("stack.yml"), YAML.replace("_V", version));
    List<String> args = new ArrayList<>(List.of(command, "-c", file.toString(), STACK));
    args.addAll(List.of("--host", "unix://" + relay.socket()));
    args.addAll(List.of(more));
    relay.forget();
    return skepStack(args.toArray(String[]::new));
  }

  @Test
  void onlyReadsAndEndsWithTwoWhereThereAreChangesAndWithZeroWhereThereAreNone() throws Exception {
    assertThat(run("plan", "1")).isEqualTo(2);
    assertThat(out).contains("+ service pt-plan_web").endsWith("0 unchanged\n");
    assertThat(err).contains("warning: image 127.0.0.1:9/none:1 could not be resolved");
    assertThat(relay.requests())
        .hasSizeGreaterThanOrEqualTo(5)
        .allMatch(r -> r.startsWith("GET /"));

    assertThat(run("deploy", "1", "--direct", "--resolve-image", "never")).isZero();
    assertThat(relay.requests()).anyMatch(r -> r.startsWith("POST /"));

    assertThat(run("plan", "1", "--resolve-image", "never")).isZero();
    assertThat(out).isEqualTo("plan: 0 to create, 0 to change, 0 to remove, 3 unchanged\n");

    assertThat(run("plan", "2", "--resolve-image", "never", "--json")).isEqualTo(2);
    JsonNode plan = Json.mapper().readTree(out);
    assertThat(plan.at("/summary/restart").asInt()).isEqualTo(1);
    assertThat(plan.at("/summary/replace").asInt()).isEqualTo(1);
    assertThat(out).doesNotContain("hunter").doesNotContain("config-2");
    assertThat(relay.requests())
        .hasSizeGreaterThanOrEqualTo(5)
        .allMatch(r -> r.startsWith("GET /"));
  }

  @Test
  void anErrorEndsWithOne() throws Exception {
    relay.cut();

    assertThat(run("plan", "1")).isEqualTo(1);
    assertThat(out).isEmpty();
  }
}
