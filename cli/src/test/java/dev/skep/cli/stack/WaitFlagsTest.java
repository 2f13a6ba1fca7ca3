package dev.skep.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.cli.CliException;
import dev.skep.deployer.apply.Waiting;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

class WaitFlagsTest {
  @Command
  static final class Some {
    @Mixin WaitFlags waits;

    @Parameters String name;
  }

  private static Waiting read(String... args) {
    return CommandLine.populateCommand(new Some(), args).waits.waiting();
  }

  @Test
  void servicesAreWaitedForUnlessTheCommandIsDetached() {
    Duration usual = Duration.ofMinutes(10);

    assertThat(read("app")).isEqualTo(new Waiting(true, usual));
    assertThat(read("-d", "app")).isEqualTo(new Waiting(false, usual));
    assertThat(read("--detach", "app")).isEqualTo(new Waiting(false, usual));
    assertThat(read("--detach=true", "app")).isEqualTo(new Waiting(false, usual));
    assertThat(read("--detach=false", "app")).isEqualTo(new Waiting(true, usual));
    assertThat(read("app", "--timeout", "90s"))
        .isEqualTo(new Waiting(true, Duration.ofSeconds(90)));
  }

  /** Scripts that were written for docker's client say so. */
  @Test
  void flagsMayBeGivenAsTrueOrFalse() {
    assertThat(shown("--quiet=false")).isEqualTo("a line\n");
    assertThat(shown("-q")).isEmpty();
  }

  private static String shown(String flag) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CommandLine.populateCommand(new Some(), flag, "app")
        .waits
        .display(new PrintStream(out, true, StandardCharsets.UTF_8))
        .line("a line");
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aTimeOutOfItsBoundsIsWrongUsage() {
    assertThatThrownBy(() -> read("app", "--timeout", "0s"))
        .isInstanceOfSatisfying(CliException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
        .hasMessageContaining("from 1 s to 24 h");
  }
}
