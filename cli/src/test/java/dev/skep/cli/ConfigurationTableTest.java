package dev.skep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.runtime.config.ConfigException;
import dev.skep.runtime.config.ConfigReader;
import dev.skep.runtime.http.HttpConfig;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.life.TopicsAtStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Compares the table of docs/configuration.md with what every Main reads. */
class ConfigurationTableTest {
  private static final Pattern ROW =
      Pattern.compile("(\\| `(SKEP_\\w+)` \\| [^|]* \\| [^|]* \\|) (.+) \\|");
  private static final Pattern SECONDS = Pattern.compile("([0-9]+)s");

  private record Service(String name, int port, Consumer<ConfigReader> main) {}

  private static final List<Service> SERVICES =
      List.of(
          new Service(
              "inventory", dev.skep.inventory.Main.PORT, dev.skep.inventory.Main::configure),
          new Service(
              "node-agent",
              dev.skep.inventory.agent.Main.PORT,
              dev.skep.inventory.agent.Main::configure),
          new Service("deployer", dev.skep.deployer.Main.PORT, dev.skep.deployer.Main::configure),
          new Service(
              "edge-config", dev.skep.edgeconfig.Main.PORT, dev.skep.edgeconfig.Main::configure),
          new Service("edge-agent", dev.skep.edge.Main.PORT, dev.skep.edge.Main::configure),
          new Service("cert", dev.skep.cert.Main.PORT, dev.skep.cert.Main::configure),
          new Service("monitor", dev.skep.monitor.Main.PORT, dev.skep.monitor.Main::configure));

  /** Read before the reader is made: a log is there even for what the reader finds. */
  private static final String LOG_LEVEL = "| `SKEP_LOG_LEVEL` | all | `INFO` |";

  @Test
  void theTableIsWhatEveryMainReads() throws IOException {
    Map<String, String> told = new TreeMap<>();

    Matcher row = ROW.matcher(table());
    while (row.find()) {
      assertThat(told.put(row.group(2), row.group(1))).as(row.group(2) + " twice").isNull();
      assertThat(row.group(3)).as("what " + row.group(2) + " does").isNotBlank();
    }

    Map<String, String> read = read();
    read.put("SKEP_LOG_LEVEL", LOG_LEVEL);
    assertThat(String.join("\n", told.values())).isEqualTo(String.join("\n", read.values()));
  }

  @Test
  void noTwoServicesShareAPort() {
    assertThat(SERVICES.stream().map(Service::port)).doesNotHaveDuplicates();
  }

  /** Rows by variable, as they must begin. */
  private static Map<String, String> read() {
    Map<String, Map<String, List<String>>> found = new TreeMap<>();
    for (Service service : SERVICES) {
      defaults(service)
          .forEach(
              (name, value) ->
                  found
                      .computeIfAbsent(name, n -> new LinkedHashMap<>())
                      .computeIfAbsent(value, v -> new ArrayList<>())
                      .add(service.name()));
    }
    Map<String, String> rows = new TreeMap<>();
    found.forEach(
        (name, byDefault) -> {
          List<String> readers = byDefault.values().stream().flatMap(List::stream).toList();
          String who = readers.size() == SERVICES.size() ? "all" : String.join(", ", readers);
          String value =
              byDefault.size() == 1
                  ? byDefault.keySet().iterator().next()
                  : byDefault.entrySet().stream()
                      .map(e -> String.join(", ", e.getValue()) + " " + e.getKey())
                      .collect(Collectors.joining(", "));
          rows.put(name, "| `%s` | %s | %s |".formatted(name, who, value));
        });
    return rows;
  }

  private static Map<String, String> defaults(Service service) {
    ConfigReader env = new ConfigReader(Map.of());
    KafkaConfig.from(env);
    TopicsAtStart.from(env);
    if (service.name().endsWith("-agent")) {
      HttpConfig.withoutApi(env, service.port());
    } else {
      HttpConfig.from(env, service.port());
    }
    service.main().accept(env);
    List<String> required = problems(env);
    Map<String, String> defaults = new TreeMap<>();
    env.effective()
        .forEach(
            (name, value) ->
                defaults.put(
                    name,
                    required.stream().anyMatch(p -> p.startsWith(name + " is not set"))
                        ? "required"
                        : shown(value)));
    return defaults;
  }

  private static List<String> problems(ConfigReader env) {
    try {
      env.check();
      return List.of();
    } catch (ConfigException e) {
      return e.problems();
    }
  }

  private static String shown(String value) {
    if (value.isEmpty() || value.equals("(none)")) {
      return "none";
    }
    Matcher seconds = SECONDS.matcher(value);
    return "`" + (seconds.matches() ? duration(Long.parseLong(seconds.group(1))) : value) + "`";
  }

  /** In the largest unit that is whole. */
  private static String duration(long seconds) {
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3_600 == 0) {
      return seconds / 3_600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  private static String table() throws IOException {
    return Files.readString(Path.of(System.getProperty("skep.root"), "docs/configuration.md"));
  }
}
