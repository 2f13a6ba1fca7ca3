package dev.skep.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class StackNameTest {
  @ParameterizedTest
  @ValueSource(strings = {"rm", "history", "rollback", "ps", "logs", "restart"})
  void whatIsNoNameOfAStackIsWrongUsageAndNoPieceOfAPath(String command) {
    StringWriter err = new StringWriter();

    int code =
        new CommandLine(new StackCommand())
            .setErr(new PrintWriter(err, true))
            .execute(command, "../tokens/ci");

    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("'../tokens/ci' is not a stack name");
  }
}
