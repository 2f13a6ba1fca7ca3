package dev.skep.deployer.compose;

import static dev.skep.deployer.compose.Shapes.ENTRIES;
import static dev.skep.deployer.compose.Shapes.FLAG;
import static dev.skep.deployer.compose.Shapes.NAME;
import static dev.skep.deployer.compose.Shapes.OPTIONS;
import static dev.skep.deployer.compose.Shapes.TEXT;
import static dev.skep.deployer.compose.Shapes.TEXT_OR_TEXTS;
import static dev.skep.deployer.compose.Shapes.keys;
import static dev.skep.deployer.compose.Shapes.nullable;

import dev.skep.deployer.compose.Shape.Keys;
import dev.skep.deployer.compose.Shape.ListOf;
import dev.skep.deployer.compose.Shape.MapOf;
import dev.skep.deployer.compose.Shape.OneOf;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a stack file may hold, as a table: the CLI's own rules for the versions 3.0 to 3.13, and of
 * the Compose Specification what can be honoured.
 */
final class ComposeSchema {
  private static final Shape EXTERNAL = new OneOf(List.of(FLAG, keys(Map.of("name", TEXT))));

  private static final Shape INCLUDE =
      new ListOf(
          new OneOf(
              List.of(
                  TEXT,
                  keys(
                      Map.of(
                          "path", TEXT_OR_TEXTS,
                          "env_file", TEXT_OR_TEXTS,
                          "project_directory", TEXT)))),
          true);

  private static final Shape NETWORK =
      nullable(
          keys(
              Map.of(
                  "name",
                  TEXT,
                  "driver",
                  TEXT,
                  "driver_opts",
                  OPTIONS,
                  "ipam",
                  keys(
                      Map.of(
                          "driver",
                          TEXT,
                          "config",
                          new ListOf(
                              keys(Map.of("subnet", TEXT), SwarmKeys.REFUSED_AT_IPAM), false)),
                      SwarmKeys.REFUSED_AT_IPAM),
                  "external",
                  EXTERNAL,
                  "internal",
                  FLAG,
                  "attachable",
                  FLAG,
                  "labels",
                  ENTRIES),
              SwarmKeys.REFUSED_AT_NETWORKS));

  private static final Shape VOLUME =
      nullable(
          keys(
              Map.of(
                  "name", TEXT,
                  "driver", TEXT,
                  "driver_opts", OPTIONS,
                  "external", EXTERNAL,
                  "labels", ENTRIES)));

  private static final Shape SECRET =
      keys(
          Map.of(
              "name",
              TEXT,
              "file",
              TEXT,
              "environment",
              TEXT,
              "external",
              EXTERNAL,
              "labels",
              ENTRIES,
              "driver",
              TEXT,
              "driver_opts",
              OPTIONS,
              "template_driver",
              TEXT),
          SwarmKeys.REFUSED_AT_SECRETS);

  private static final Shape CONFIG =
      keys(
          Map.of(
              "name",
              TEXT,
              "file",
              TEXT,
              "content",
              TEXT,
              "environment",
              TEXT,
              "external",
              EXTERNAL,
              "labels",
              ENTRIES,
              "template_driver",
              TEXT));

  /** A whole file. */
  static final Shape FILE =
      new Keys(
          Map.of(
              "version", TEXT,
              "name", TEXT,
              "include", INCLUDE,
              "services", new MapOf(NAME, ServiceSchema.SERVICE),
              "networks", new MapOf(NAME, NETWORK),
              "volumes", new MapOf(NAME, VOLUME),
              "secrets", new MapOf(NAME, SECRET),
              "configs", new MapOf(NAME, CONFIG)),
          Set.of(),
          Map.of("models", "Swarm runs no models; run one as a service"),
          true);

  /** What {@link SkepSettings#KEY} may hold. */
  static final Shape SETTINGS =
      new Keys(
          Map.of("env-file", TEXT, "required", FLAG, "override", nullable(TEXT)),
          Set.of(),
          Map.of(),
          false);

  private ComposeSchema() {}
}
