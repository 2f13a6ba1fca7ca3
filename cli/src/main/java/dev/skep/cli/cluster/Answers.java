package dev.skep.cli.cluster;

import dev.skep.cli.CliException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The answers that setting up needs, checked. Each comes from the first of these that has it: the
 * option, what the cluster's labels or .env already say, with {@code --defaults} the environment,
 * the person at the terminal, a default.
 *
 * @param values every setting's; empty for none
 * @param nodes chosen for {@link Setting#isNode} settings
 */
record Answers(Map<Setting, String> values, Map<Setting, List<ClusterNode>> nodes) {
  private static final String LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory";
  private static final String NONE = "none";
  private static final String THREE_BROKERS = "stack.kafka-3.yml";
  private static final String PRIVATE_CA = "stack.acme-ca.yml";

  Answers {
    values = Map.copyOf(values);
    nodes = Map.copyOf(nodes);
  }

  /** Where answers come from. */
  static final class Source {
    private final Map<Setting, String> options;
    private final EnvFile file;
    private final Map<String, String> environment;
    private final List<ClusterNode> cluster;
    private final Optional<Dialog> dialog;
    private final boolean defaults;
    private final Checks checks;
    private final List<String> missing = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();

    /**
     * For one set-up.
     *
     * @param dialog asks; empty: there is no terminal
     * @param defaults whether to take the environment and defaults, and ask nothing
     */
    Source(
        Map<Setting, String> options,
        EnvFile file,
        Map<String, String> environment,
        List<ClusterNode> cluster,
        Optional<Dialog> dialog,
        boolean defaults) {
      this.options = Map.copyOf(options);
      this.file = file;
      this.environment = Map.copyOf(environment);
      this.cluster = List.copyOf(cluster);
      this.dialog = defaults ? Optional.empty() : dialog;
      this.defaults = defaults;
      this.checks = new Checks(cluster);
    }

    /**
     * Reads every answer.
     *
     * @param alsoMissing further options that are missing, to be named with the others
     * @throws CliException naming everything that is missing or wrong
     */
    Answers read(List<String> alsoMissing) {
      Map<Setting, String> values = new EnumMap<>(Setting.class);
      for (Setting setting : Setting.values()) {
        String value = value(setting, values);
        values.put(setting, value == null ? "" : value);
      }
      missing.addAll(alsoMissing);
      if (!missing.isEmpty()) {
        wrong.addFirst(
            (defaults
                    ? "there is no default for: "
                    : "this is no terminal to ask on, and missing are (or --defaults): ")
                + String.join(", ", missing));
      }
      if (!wrong.isEmpty()) {
        throw new CliException(String.join("\nskep: ", wrong), 2);
      }
      Map<Setting, List<ClusterNode>> nodes = new EnumMap<>(Setting.class);
      for (Setting setting : Setting.values()) {
        if (setting.isNode()) {
          nodes.put(setting, checks.nodes(values.get(setting)));
        }
      }
      return new Answers(values, nodes);
    }

    private String value(Setting setting, Map<Setting, String> before) {
      String given = given(setting);
      if (given == null && defaults) {
        given = nonBlank(environment.get(setting.variable()));
      }
      if (given == null) {
        given = kept(setting);
      }
      String standard = given == null ? standard(setting, before) : null;
      if (given == null && setting.asked() && !defaults) {
        return dialog.isEmpty() ? absent(setting) : ask(setting, standard);
      }
      String value = given == null ? standard : given;
      if (value == null) {
        return absent(setting);
      }
      value = value.equals(NONE) && setting != Setting.SUFFIXES ? "" : value;
      String answer = setting == Setting.CA_FILE ? absolute(value) : value;
      if (setting == Setting.DATA && answer.isEmpty()) {
        // It follows the broker, and that is told already.
        return answer;
      }
      checks
          .problem(setting, answer)
          .ifPresent(p -> wrong.add(name(setting) + " '" + answer + "' " + p));
      return answer;
    }

    /** For .env, which is read from elsewhere later; what it says already stays as it is. */
    private String absolute(String path) {
      return path.isEmpty() || path.equals(file.get(Setting.CA_FILE.variable()))
          ? path
          : Path.of(path).toAbsolutePath().normalize().toString();
    }

    private String given(Setting setting) {
      String option = options.get(setting);
      return option == null ? null : option.strip();
    }

    /** What an earlier run settled. */
    private String kept(Setting setting) {
      if (!setting.isNode()) {
        String said = file.get(setting.variable());
        // It goes with the mail address, which may have come since.
        return setting == Setting.DIRECTORY ? nonBlank(said) : said;
      }
      String label =
          switch (setting) {
            case EDGES -> NodeLabels.EDGE;
            case KAFKA -> NodeLabels.KAFKA;
            default -> NodeLabels.DATA;
          };
      // By the label's value: the brokers' order is 1, 2, 3.
      return nonBlank(
          cluster.stream()
              .filter(n -> n.labels().containsKey(label) && !n.labels().get(label).equals("false"))
              .sorted(java.util.Comparator.comparing(n -> n.labels().get(label)))
              .map(this::reference)
              .collect(Collectors.joining(",")));
    }

    /** A default that suits nearly everyone; null if there is none. */
    private String standard(Setting setting, Map<Setting, String> before) {
      return switch (setting) {
        case DOMAIN -> "localhost";
        case EMAIL, CA_FILE, VIP, OVERRIDE -> "";
        case DIRECTORY -> before.get(Setting.EMAIL).isEmpty() ? "" : LETS_ENCRYPT;
        case SUFFIXES -> "auto";
        case EDGES -> cluster.size() == 1 ? reference(cluster.getFirst()) : null;
        case KAFKA -> quietest(before.get(Setting.EDGES));
        case DATA -> before.get(Setting.KAFKA).replaceAll(",.*", "");
        case IMAGES -> "skep";
        case VERSION -> "0.1.0";
      };
    }

    /** A worker that is no edge, else any node. */
    private String quietest(String edges) {
      List<String> taken = List.of(edges.split(","));
      return cluster.stream()
          .filter(ClusterNode::usable)
          .min(
              java.util.Comparator.comparing(
                      (ClusterNode n) -> taken.contains(n.name()) || taken.contains(n.id()))
                  .thenComparing(ClusterNode::manager))
          .map(this::reference)
          .orElse(null);
    }

    private String reference(ClusterNode node) {
      long namesakes = cluster.stream().filter(n -> n.name().equals(node.name())).count();
      return namesakes == 1 ? node.name() : node.id();
    }

    private String ask(Setting setting, String standard) {
      Dialog person = dialog.orElseThrow();
      String offer = standard == null ? "" : " [" + (standard.isEmpty() ? NONE : standard) + "]";
      while (true) {
        String line = person.ask(setting.question() + offer + ": ");
        if (line == null) {
          throw new CliException("the input ended before all was answered; nothing was changed");
        }
        String answer = line.isBlank() && standard != null ? standard : line.strip();
        answer = answer.equalsIgnoreCase(NONE) ? "" : answer;
        Optional<String> problem = checks.problem(setting, answer);
        if (problem.isEmpty()) {
          return answer;
        }
        person.tell("  '" + answer + "' " + problem.get());
      }
    }

    private String absent(Setting setting) {
      missing.add(name(setting));
      return null;
    }

    private String name(Setting setting) {
      return defaults ? setting.option() + " or " + setting.variable() : setting.option();
    }

    private static String nonBlank(String value) {
      return value == null || value.isBlank() ? null : value.strip();
    }
  }

  List<ClusterNode> edges() {
    return nodes.get(Setting.EDGES);
  }

  List<ClusterNode> kafka() {
    return nodes.get(Setting.KAFKA);
  }

  ClusterNode data() {
    return nodes.get(Setting.DATA).getFirst();
  }

  /**
   * What belongs into .env.
   *
   * @param kafkaClusterId of the broker
   */
  Map<String, String> variables(String kafkaClusterId) {
    Map<String, String> variables = new TreeMap<>();
    values.forEach(
        (setting, value) -> {
          if (!setting.isNode()) {
            variables.put(setting.variable(), value);
          }
        });
    variables.put("SKEP_KAFKA_CLUSTER_ID", kafkaClusterId);
    if (kafka().size() == 3) {
      variables.put("SKEP_KAFKA_BOOTSTRAP", "kafka:9092,kafka-2:9092,kafka-3:9092");
      variables.put("SKEP_KAFKA_VOTERS", "1@kafka:9093,2@kafka-2:9093,3@kafka-3:9093");
      variables.put("SKEP_KAFKA_REPLICAS", "3");
      variables.put("SKEP_KAFKA_MIN_INSYNC", "2");
    }
    for (String file : neededOverrides()) {
      variables.merge(
          Setting.OVERRIDE.variable(),
          file,
          (old, its) -> old.isEmpty() ? its : old.contains(its) ? old : its + "," + old);
    }
    return variables;
  }

  /** The files that some answers take to come true. */
  private List<String> neededOverrides() {
    List<String> files = new ArrayList<>();
    if (!values.get(Setting.CA_FILE).isEmpty()) {
      files.add(PRIVATE_CA);
    }
    if (kafka().size() == 3) {
      files.add(THREE_BROKERS);
    }
    return files;
  }

  /**
   * Refuses what .env, whose lines stay, would bring to nothing by leaving out its file. One broker
   * would wait for a quorum of three for ever; certificates would be ordered from a directory that
   * is not trusted.
   */
  void checkKept(EnvFile env) {
    String kept = env.get(Setting.OVERRIDE.variable());
    boolean says = kept != null && !kept.isEmpty();
    if (!values.get(Setting.CA_FILE).isEmpty() && says && !kept.contains(PRIVATE_CA)) {
      throw new CliException(
          "%s says %s=%s, without %s, which %s needs: add it to that line, by comma"
              .formatted(
                  env.path(),
                  Setting.OVERRIDE.variable(),
                  kept,
                  PRIVATE_CA,
                  Setting.CA_FILE.option()),
          2);
    }
    if (kafka().size() == 3 && kept != null && !kept.contains(THREE_BROKERS)) {
      throw new CliException(
          ("%s says %s=%s, without %s, which three brokers need. Before the first start remove the"
                  + " line and run init again; the state of one broker that has run becomes that of"
                  + " three by skep export, uninstall, init and import")
              .formatted(env.path(), Setting.OVERRIDE.variable(), kept, THREE_BROKERS),
          2);
    }
  }
}
