package dev.skep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

class MainTest {
  @Test
  void everyCommandIsListedUnderItsOwnName() {
    assertThat(Main.COMMANDS)
        .isNotEmpty()
        .allSatisfy(
            (name, type) -> {
              Command command = type.getAnnotation(Command.class);
              assertThat(command.name()).isEqualTo(name);
              assertThat(command.aliases()).isEmpty();
            });
  }

  @Test
  void aNamedCommandIsTheOnlyOneThatIsReadAndAnUnknownOneIsLookedForAmongAll() {
    assertThat(Main.commandsFor("stack", "ls")).containsOnlyKeys("stack");
    assertThat(Main.commandsFor("stakc")).isEqualTo(Main.COMMANDS);
    assertThat(Main.commandsFor()).isEqualTo(Main.COMMANDS);
  }
}
