package dev.skep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.testing.RequiresCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Runs the launcher's own tests, which are shell functions under {@code launcher/tests}. */
class LauncherTest {
  private static final Path TESTS = Path.of(System.getProperty("skep.root"), "launcher/tests/run");
  private static final String SHELLCHECK = "test_all_scripts_pass_shellcheck";

  @TestFactory
  Stream<DynamicTest> launcher() throws Exception {
    List<String> names = run("--list").output().lines().toList();
    assertThat(names).hasSizeGreaterThan(40).contains(SHELLCHECK);
    return names.stream()
        .filter(name -> !name.equals(SHELLCHECK))
        .map(name -> DynamicTest.dynamicTest(name, () -> assertPasses(name)));
  }

  @Test
  @RequiresCommand("shellcheck")
  void allScriptsPassShellcheck() throws Exception {
    assertPasses(SHELLCHECK);
  }

  private static void assertPasses(String name) throws Exception {
    Result result = run(name);
    assertThat(result.status()).as(result.output()).isZero();
  }

  private record Result(int status, String output) {}

  private static Result run(String argument) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(TESTS.toString(), argument).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return new Result(process.waitFor(), output);
  }
}
