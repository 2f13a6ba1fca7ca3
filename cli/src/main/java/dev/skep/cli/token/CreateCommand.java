package dev.skep.cli.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.cli.cluster.SuiteApi;
import dev.skep.model.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a token. */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    description = {
      "Make a token and print it, this once, on standard output; all else goes to standard error.",
      "Only its hash is kept."
    })
final class CreateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "whom or what it is for: letters, digits and '-'")
  private String name;

  @Option(
      names = "--role",
      required = true,
      paramLabel = "ROLE",
      description = "viewer, operator or admin")
  private String role;

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description = "how long it is good for, such as 90d (default: until it is revoked)")
  private String expires;

  @Mixin private SuiteApi tokens;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    List<String> again = new ArrayList<>(List.of("token", "create", name, "--role", role));
    ObjectNode body = Json.mapper().createObjectNode().put("name", name).put("role", role);
    if (expires != null) {
      again.addAll(List.of("--expires", expires));
      body.put("expires", expires);
    }
    return tokens.run(again, api -> api.post(TokenCommand.PATH, body, Map.of()), this::tell);
  }

  private void tell(JsonNode token) {
    String end = token.path("expiresAt").asText("");
    spec.commandLine()
        .getErr()
        .println(
            "token '%s' with role %s, good until %s; it is shown this once:"
                .formatted(
                    token.path("name").asText(),
                    token.path("role").asText(),
                    end.isEmpty() ? "it is revoked" : end));
    spec.commandLine().getErr().flush();
    spec.commandLine().getOut().println(token.path("token").asText());
  }
}
