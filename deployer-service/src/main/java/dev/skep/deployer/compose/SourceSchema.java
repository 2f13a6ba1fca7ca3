package dev.skep.deployer.compose;

import static dev.skep.deployer.compose.Shapes.FLAG;
import static dev.skep.deployer.compose.Shapes.TEXT;
import static dev.skep.deployer.compose.Shapes.TEXTS;
import static dev.skep.deployer.compose.Shapes.TEXT_OR_TEXTS;
import static dev.skep.deployer.compose.Shapes.TIME;
import static dev.skep.deployer.compose.Shapes.WORDS;
import static dev.skep.deployer.compose.Shapes.leaf;

import dev.skep.deployer.compose.Shape.Keys;
import dev.skep.deployer.compose.Shape.ListOf;
import dev.skep.deployer.compose.Shape.MapOf;
import dev.skep.deployer.compose.Shape.OneOf;
import dev.skep.deployer.compose.Shape.ScalarType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What may stand in the file that declares sources, and in a repository's own file. */
final class SourceSchema {
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** No 1.10, of which YAML makes 1.1. */
  private static final Shape SCALAR =
      leaf(
          "a string, a whole number, or true or false (put it in quotes)",
          ScalarType.TEXT,
          ScalarType.WHOLE,
          ScalarType.FLAG);

  private static final Shape PORTS =
      new ListOf(leaf("a port or a range of them", ScalarType.TEXT, ScalarType.WHOLE), true);

  private static final Shape POLICY =
      closed(
          Map.ofEntries(
              Map.entry("secrets", TEXTS),
              Map.entry("configs", TEXTS),
              Map.entry("networks", TEXTS),
              Map.entry("volumes", TEXTS),
              Map.entry("binds", TEXTS),
              Map.entry("engineSocket", FLAG),
              Map.entry("capabilities", TEXTS),
              Map.entry("sysctls", TEXTS),
              Map.entry("hostPorts", PORTS),
              Map.entry("ports", PORTS),
              Map.entry("managers", FLAG),
              Map.entry("labels", TEXTS),
              Map.entry("logDrivers", TEXTS),
              Map.entry("volumeDrivers", TEXTS),
              Map.entry("networkDrivers", TEXTS),
              Map.entry(
                  "settings",
                  new ListOf(
                      Shapes.oneOf(
                          "credential_spec",
                          "isolation",
                          "network_options",
                          "oom_score_adj",
                          "secret_driver"),
                      true)),
              Map.entry("adopt", TEXTS)),
          Set.of());

  /** One source: what stands under its name. */
  static final Shape SOURCE =
      closed(
          Map.ofEntries(
              Map.entry("url", TEXT),
              Map.entry("branch", TEXT),
              Map.entry("tag", TEXT),
              Map.entry("user", TEXT),
              Map.entry("tokenFile", TEXT),
              Map.entry("sshKeyFile", TEXT),
              Map.entry("knownHostsFile", TEXT),
              Map.entry("ageKeyFile", TEXT),
              Map.entry("poll", TIME),
              Map.entry("manifest", TEXT),
              Map.entry("folders", TEXT_OR_TEXTS),
              Map.entry("stacks", TEXTS),
              Map.entry("prune", FLAG),
              Map.entry("resolveImage", Shapes.oneOf("always", "changed", "never")),
              Map.entry("heal", Shapes.oneOf("report", "restore")),
              Map.entry(
                  "variables",
                  new MapOf(
                      VARIABLE,
                      new OneOf(
                          List.of(
                              SCALAR,
                              closed(Map.of("value", SCALAR, "valueFile", TEXT), Set.of()))))),
              Map.entry("webhook", closed(Map.of("secretFile", TEXT), Set.of("secretFile"))),
              Map.entry(
                  "status",
                  closed(
                      Map.of(
                          "provider", Shapes.oneOf("gitlab", "github", "gitea"),
                          "api", TEXT,
                          "project", TEXT,
                          "tokenFile", TEXT),
                      Set.of("provider", "tokenFile"))),
              Map.entry("policy", POLICY)),
          Set.of("url"));

  /** One stack of a repository's own file. */
  static final Shape STACK =
      closed(
          Map.of(
              "files", TEXT_OR_TEXTS,
              "profiles", WORDS,
              "env", new MapOf(VARIABLE, SCALAR)),
          Set.of("files"));

  private SourceSchema() {}

  /** The settings decide what is safe: a key that does nothing must not stand there. */
  private static Shape closed(Map<String, Shape> keys, Set<String> required) {
    return new Keys(keys, required, Map.of(), false);
  }
}
