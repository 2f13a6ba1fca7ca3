package dev.skep.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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

/** History, diff and rollback straight on a real Engine. No task ever runs. */
@RequiresEngine(alone = true)
class HistoryCommandsIT {
  private static final String STACK = "pt-history";
  private static final String YAML =
      """
      services:
        web:
          image: haproxy:3.4
          environment: {V: "_V", API_TOKEN: "hunter_V"}
          networks: [host]
          deploy: {replicas: 0}
      networks: {host: {external: true}}
      """;

  @TempDir Path dir;
  private String out;

  @BeforeEach
  @AfterEach
  void remove() {
    try (EngineClient engine = engine()) {
      new Applier(engine).remove(STACK, step -> {});
      StackFiles.direct(engine).forget(STACK);
    }
  }

  private static EngineClient engine() {
    return EngineClient.connect(EngineConfig.of(URI.create("unix:///var/run/docker.sock")));
  }

  private int skepStack(String... args) {
    StringWriter written = new StringWriter();
    List<String> all = new ArrayList<>(List.of(args));
    all.add("--direct");
    int code =
        new CommandLine(new StackCommand())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOut(new PrintWriter(written, true))
            .execute(all.toArray(String[]::new));
    out = written.toString();
    return code;
  }

  private void deploy(String version) throws Exception {
    Path file = Files.writeString(dir.resolve("stack.yml"), YAML.replace("_V", version));
    assertThat(skepStack("deploy", "-c", file.toString(), "--resolve-image", "never", STACK))
        .isZero();
  }

  @Test
  void historyDiffAndRollbackTellWhatTheyShould() throws Exception {
    assertThat(skepStack("history", STACK)).isEqualTo(1);
    deploy("1");
    deploy("2");

    assertThat(skepStack("history", STACK)).isZero();
    assertThat(out.lines().toList()).hasSize(3);
    assertThat(out).contains("succeeded (current, last good)", "1 updated", "stack.yml");
    assertThat(skepStack("history", STACK, "--json")).isZero();
    JsonNode list = Json.mapper().readTree(out);
    assertThat(list.valueStream().map(r -> r.path("number").asInt())).containsExactly(2, 1);
    assertThat(list.at("/0/current").asBoolean()).isTrue();

    assertThat(skepStack("diff", STACK, "1", "1")).isZero();
    assertThat(out).isEqualTo("diff: 0 added, 0 changed, 0 removed, 1 the same\n");
    assertThat(skepStack("diff", STACK, "1", "2")).isEqualTo(2);
    assertThat(out)
        .contains("~ service pt-history_web", "/Env/V: 1 -> 2", "/Env/API_TOKEN: *** -> ***")
        .doesNotContain("hunter");
    assertThat(skepStack("diff", STACK, "1", "7")).isEqualTo(1);

    assertThat(skepStack("rollback", STACK)).isZero();
    try (EngineClient engine = engine()) {
      assertThat(engine.service("pt-history_web").at("/Spec/TaskTemplate/ContainerSpec/Env/1"))
          .hasToString("\"V=1\"");
    }
    skepStack("history", STACK);
    assertThat(out).contains("rollback of 1");
    assertThat(skepStack("rollback", STACK, "9")).isEqualTo(1);
  }

  @Test
  void removalKeepsTheHistoryUnlessItIsToBeForgotten() throws Exception {
    deploy("1");
    assertThat(skepStack("rm", STACK)).isZero();
    assertThat(skepStack("history", STACK)).isZero();
    assertThat(out).contains("removal");
    assertThat(skepStack("rollback", STACK)).isZero();

    assertThat(skepStack("rm", "--forget", STACK)).isZero();

    assertThat(skepStack("history", STACK)).isEqualTo(1);
  }
}
