package dev.skep.cli.token;

import picocli.CommandLine.Command;

/** {@code skep token}: who else may call the suite's API. */
@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    description = {
      "Make, list and revoke access tokens of the suite's API, each with a name and a role:",
      "viewer looks; operator also deploys, rolls back and removes stacks; admin may everything."
    },
    subcommands = {CreateCommand.class, ListCommand.class, RevokeCommand.class})
public final class TokenCommand {
  /** Where the API has them. */
  static final String PATH = "/api/tokens";
}
