package dev.skep.cli.token;

import dev.skep.cli.CliException;
import dev.skep.cli.cluster.SuiteApi;
import dev.skep.runtime.access.TokenText;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Revokes a token. */
@Command(
    name = "revoke",
    mixinStandardHelpOptions = true,
    description = "Revoke a token: every service refuses it within moments.")
final class RevokeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "the token's name, as list tells it")
  private String name;

  @Mixin private SuiteApi tokens;

  @Override
  public Integer call() throws Exception {
    if (!TokenText.isName(name)) {
      // Else a token itself, given for its name, would go into a path.
      throw new CliException("that is no name of a token: see skep token list", 2);
    }
    return tokens.run(
        List.of("token", "revoke", name),
        api -> api.delete(TokenCommand.PATH + "/" + name),
        body -> System.err.println("revoked '" + name + "'"));
  }
}
