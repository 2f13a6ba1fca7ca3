package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.ApiClient;
import dev.skep.cli.CliException;
import dev.skep.cli.EngineOptions;
import dev.skep.cli.StateOptions;
import dev.skep.engine.EngineClient;
import dev.skep.model.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code skep stack}: compose files to services. */
@Command(
    name = "stack",
    mixinStandardHelpOptions = true,
    description = "Deploy and look at stacks.",
    subcommands = {
      StackCommand.Convert.class,
      StackCommand.Deploy.class,
      StackCommand.ListStacks.class,
      StackCommand.Remove.class
    })
public final class StackCommand {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String NAMESPACE = "com.docker.stack.namespace";

  /** Where stack files come from: {@code -c FILE -c FILE NAME} or {@code -c FILE FILE NAME}. */
  static final class FileOptions {
    @Option(
        names = {"-c", "--compose-file"},
        required = true,
        paramLabel = "FILE",
        description = "compose file; several are merged in order, - is standard input")
    private List<Path> files;

    @Parameters(
        paramLabel = "[FILE...] NAME",
        arity = "1..*",
        description = "the stack's name, after further compose files")
    private List<String> rest;

    String name() {
      return rest.getLast();
    }

    List<Path> files() {
      return Stream.concat(files.stream(), rest.subList(0, rest.size() - 1).stream().map(Path::of))
          .toList();
    }
  }

  /** Prints what would be sent to the Engine; needs none. */
  @Command(
      name = "convert",
      mixinStandardHelpOptions = true,
      description = "Print the Engine objects of a compose file, names in place of ids.")
  static final class Convert implements Callable<Integer> {
    @Mixin FileOptions options;

    /** There is one form only; scripts that name it go on when there are others. */
    @Option(names = "--json", description = "as JSON (the default)")
    void json(boolean wanted) {
      if (!wanted) {
        throw new CliException("stack convert prints JSON only", 2);
      }
    }

    @Override
    public Integer call() throws Exception {
      JsonNode objects =
          StackFiles.convert(options.name(), options.files(), System.err::println).toJson();
      System.out.println(
          Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(objects));
      return 0;
    }
  }

  /** Deploys through the suite where it runs, else straight to the Engine. */
  @Command(
      name = "deploy",
      mixinStandardHelpOptions = true,
      description = {
        "Create or update a stack.",
        "Through the suite if it runs on this machine, else straight to the Engine."
      })
  static final class Deploy implements Callable<Integer> {
    @Mixin FileOptions options;
    @Mixin EngineOptions engine;
    @Mixin StateOptions state;

    @Override
    public Integer call() throws Exception {
      Optional<ApiClient> suite = ApiClient.connect(state.state());
      if (suite.isPresent()) {
        try (ApiClient api = suite.get()) {
          StackFiles.deploy(api, options.name(), options.files(), PATIENCE, System.out::println);
        }
      } else {
        try (EngineClient client = engine.connect()) {
          StackFiles.deploy(client, options.name(), options.files(), System.out::println);
        }
      }
      return 0;
    }
  }

  /** Lists the stacks that are on the cluster. */
  @Command(name = "ls", mixinStandardHelpOptions = true, description = "List stacks.")
  static final class ListStacks implements Callable<Integer> {
    @Mixin EngineOptions engine;

    @Override
    public Integer call() throws Exception {
      Map<String, Integer> services = new TreeMap<>();
      try (EngineClient client = engine.connect()) {
        for (JsonNode service : client.services(false)) {
          String stack = service.path("Spec").path("Labels").path(NAMESPACE).asText();
          if (!stack.isEmpty()) {
            services.merge(stack, 1, Integer::sum);
          }
        }
      }
      System.out.printf(Locale.ROOT, "%-24s %s%n", "NAME", "SERVICES");
      services.forEach((name, count) -> System.out.printf(Locale.ROOT, "%-24s %d%n", name, count));
      return 0;
    }
  }

  /** Removes stacks. */
  @Command(name = "rm", mixinStandardHelpOptions = true, description = "Remove stacks.")
  static final class Remove implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", arity = "1..*", description = "the stacks' names")
    private List<String> names;

    @Mixin EngineOptions engine;
    @Mixin StateOptions state;

    @Override
    public Integer call() throws Exception {
      Optional<ApiClient> suite = ApiClient.connect(state.state());
      for (String name : names) {
        if (suite.isPresent()) {
          StackFiles.remove(suite.get(), name, PATIENCE, System.out::println);
        } else {
          try (EngineClient client = engine.connect()) {
            StackFiles.remove(client, name, System.out::println);
          }
        }
        System.out.println("removed " + name);
      }
      suite.ifPresent(ApiClient::close);
      return 0;
    }
  }
}
