package dev.skep.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.deployer.apply.ApplyOptions;
import dev.skep.deployer.convert.StackObjects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class ApplyFlagsTest {
  @TempDir Path dir;
  private StackObjects objects;
  private final List<String> warnings = new ArrayList<>();

  /** Only its flags matter. */
  @Command
  private static final class Flags {
    @Mixin private ApplyFlags flags;
  }

  @BeforeEach
  void read() throws IOException {
    Path file = dir.resolve("stack.yml");
    Files.writeString(
        file, "services: {a: {image: 'r.example/a:1'}, b: {image: 'b:1'}, c: {image: 'b:2'}}");
    objects = StackFiles.convert("app", List.of(file), warnings::add);
  }

  private ApplyOptions options(String config, String... args) throws IOException {
    Files.writeString(dir.resolve("config.json"), config);
    Flags command = new Flags();
    new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(args);
    return command.flags.options(objects, Map.of("DOCKER_CONFIG", dir.toString()), warnings::add);
  }

  @Test
  void credentialsAreReadOnlyIfTheyAreAskedForAndForTheStacksRegistriesAlone() throws IOException {
    String config =
        "{\"auths\":{\"r.example\":{\"auth\":\"bWU6aHVudGVyMg==\"},\"other.example\":{\"auth\":\"bWU6aHVudGVyMg==\"}}}";

    assertThat(options(config).registryAuth()).isEmpty();
    assertThat(options(config, "--with-registry-auth").registryAuth())
        .containsOnlyKeys("r.example");
    assertThat(warnings).isEmpty();
  }

  @Test
  void oneWarningTellsThatThereAreNone() throws IOException {
    assertThat(options("{}", "--with-registry-auth").registryAuth()).isEmpty();

    assertThat(warnings)
        .containsExactly(
            "warning: --with-registry-auth: %s/config.json has no credentials for docker.io,"
                    .formatted(dir)
                + " r.example; see docker login");
  }
}
