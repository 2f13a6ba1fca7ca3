package dev.skep.cli.edge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.CliException;
import dev.skep.model.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code skep edge}: what edges would serve. */
@Command(
    name = "edge",
    mixinStandardHelpOptions = true,
    description = "What edges serve.",
    subcommands = {EdgeCommand.RenderCommand.class, ForgetCommand.class})
public final class EdgeCommand {

  /** Which proxy to render for. */
  enum Format {
    HAPROXY,
    TRAEFIK
  }

  /** Renders a proxy's configuration from a snapshot; touches nothing. */
  @Command(
      name = "render",
      mixinStandardHelpOptions = true,
      description = {
        "Print the configuration that an edge would get for a snapshot of the cluster",
        "(skep inventory snapshot). Routes that are not served are named on standard error."
      })
  public static final class RenderCommand implements Callable<Integer> {
    @Option(names = "--format", required = true, description = "${COMPLETION-CANDIDATES}")
    private Format format;

    @Option(
        names = "--snapshot",
        required = true,
        paramLabel = "FILE",
        description = "of skep inventory snapshot; - is standard input")
    private String snapshot;

    @Override
    public Integer call() {
      EdgePreview preview = EdgePreview.of(read());
      preview.notServed().forEach(line -> System.err.println("not served: " + line));
      Map<String, String> files = format == Format.HAPROXY ? preview.haproxy() : preview.traefik();
      files.forEach(
          (name, content) -> {
            if (files.size() > 1) {
              System.out.println("# --- " + name);
            }
            System.out.print(content);
          });
      return 0;
    }

    private JsonNode read() {
      try (InputStream in =
          snapshot.equals("-") ? System.in : Files.newInputStream(Path.of(snapshot))) {
        JsonNode tree = Json.mapper().readTree(in);
        if (!tree.path("services").isArray() || !tree.path("tasks").isArray()) {
          throw new CliException(
              snapshot
                  + " is no snapshot: expected an object with nodes, services, tasks, networks");
        }
        return tree;
      } catch (IOException e) {
        throw new CliException("cannot read the snapshot " + snapshot + ": " + e.getMessage());
      }
    }
  }
}
