package dev.skep.cli.cluster;

import dev.skep.cli.CliException;
import dev.skep.cli.EngineOptions;
import dev.skep.cli.up.Preflight;
import dev.skep.engine.EngineClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes secrets, networks, node labels and .env for the stack. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = {
      "Make what the stack needs on a Swarm: secrets, a network, node labels and .env.",
      "Asks what it must; run again, it changes nothing that is there. What cannot be made again",
      "goes into a recovery kit, encrypted by a passphrase (asked for, or in the file that",
      "SKEP_RECOVERY_PASSPHRASE_FILE names)."
    })
public final class InitCommand implements Callable<Integer> {
  private static final String STACK = SuiteObjects.STACK;

  @Mixin EngineOptions engineOptions;

  @Option(
      names = "--defaults",
      description = "ask nothing: take variables of the environment and defaults")
  private boolean defaults;

  @Option(names = "--domain", paramLabel = "NAME", description = "the console is at skep.NAME")
  private String domain;

  @Option(
      names = "--acme-email",
      paramLabel = "ADDRESS",
      description = "for certificates by ACME; none: the internal CA's")
  private String email;

  @Option(
      names = "--acme-directory",
      paramLabel = "URL",
      description = "the ACME CA; Let's Encrypt if there is a mail address")
  private String directory;

  @Option(
      names = "--acme-ca-file",
      paramLabel = "FILE",
      description = "roots of the directory's own TLS certificate, PEM")
  private String caFile;

  @Option(
      names = "--internal-suffixes",
      paramLabel = "NAMES",
      description = "which names only the internal CA may issue: auto, none, or by comma")
  private String suffixes;

  @Option(
      names = "--vip",
      paramLabel = "CIDR",
      description = "the edges' floating address, as 192.0.2.10/24, or none")
  private String vip;

  @Option(
      names = "--edge-nodes",
      paramLabel = "NODES",
      description = "which nodes take traffic, by comma")
  private String edges;

  @Option(
      names = "--kafka-nodes",
      paramLabel = "NODES",
      description = "the node that keeps the event store, or three by comma")
  private String kafka;

  @Option(
      names = "--data-node",
      paramLabel = "NODE",
      description = "keeps metrics (default: the first of --kafka-nodes)")
  private String data;

  @Option(
      names = "--override",
      paramLabel = "FILES",
      description = "merged over stack.yml, by comma")
  private String override;

  @Option(names = "--images", paramLabel = "PREFIX", description = "of the suite's images")
  private String images;

  @Option(names = "--suite-version", paramLabel = "V", description = "of the suite's images")
  private String version;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "where stack.yml is, and .env goes (default: here, or where Skep is)")
  private Path dir;

  @Option(
      names = "--kit",
      paramLabel = "FILE",
      description = "the recovery kit (default: skep-recovery.age beside stack.yml)")
  private Path kit;

  @Option(
      names = "--recover",
      paramLabel = "KIT",
      description = "take the secrets from a recovery kit")
  private Path recover;

  @Option(
      names = "--renew",
      description = "remove the secrets and make a new set; the stack must not run")
  private boolean renew;

  private Map<String, String> environment = System.getenv();
  private Optional<Dialog> dialog = Dialog.terminal();
  private Consumer<String> out = System.out::println;

  /** As {@code skep} runs it. */
  public InitCommand() {}

  /** With another environment, person and output. */
  InitCommand(Map<String, String> environment, Optional<Dialog> dialog, Consumer<String> out) {
    this.environment = Map.copyOf(environment);
    this.dialog = dialog;
    this.out = out;
  }

  @Override
  public Integer call() {
    Path home = home();
    Path kitFile = kit == null ? home.resolve("skep-recovery.age") : kit;
    if (renew && recover != null) {
      throw new CliException("--renew and --recover exclude each other", 2);
    }
    try (EngineClient engine = engineOptions.connect()) {
      Preflight.manager(engine);
      List<ClusterNode> nodes = ClusterNode.all(engine);
      EnvFile env = EnvFile.read(home.resolve(".env"));
      SwarmSecrets found = SwarmSecrets.read(engine);
      Optional<Dialog> person = defaults ? Optional.empty() : dialog;
      Passphrase passphrase = new Passphrase(environment, person);
      boolean needed = Setup.needsPassphrase(found) || renew || recover != null;

      person.ifPresent(p -> show(p, nodes));
      Answers answers =
          new Answers.Source(options(), env, environment, nodes, person, defaults)
              .read(needed && !passphrase.available() ? List.of(Passphrase.VARIABLE) : List.of());
      keepBrokers(nodes, answers);
      answers.checkKept(env);

      Setup setup = new Setup(engine, kitFile, passphrase, Clock.systemUTC(), out);
      if (renew) {
        found = clear(engine, setup);
      }
      String known = env.get("SKEP_KAFKA_CLUSTER_ID");
      String clusterId =
          setup.secrets(found, Optional.ofNullable(recover), known == null ? "" : known);
      setup.network();
      setup.labels(nodes, answers);
      variables(env, answers, clusterId);
      out.accept("");
      out.accept("Keep " + kitFile + " and its passphrase safe, apart, and off this cluster.");
      out.accept("Next: ./skep stack deploy -c " + home.resolve("stack.yml") + " " + STACK);
    }
    return 0;
  }

  private Path home() {
    String own = environment.getOrDefault("SKEP_HOME", "");
    Path here = Path.of("").toAbsolutePath();
    Path home =
        dir != null
            ? dir.toAbsolutePath().normalize()
            : Files.exists(here.resolve("stack.yml")) || own.isEmpty() ? here : Path.of(own);
    if (!Files.isRegularFile(home.resolve("stack.yml"))) {
      throw new CliException(
          "there is no stack.yml in " + home + ": name its directory by --dir", 2);
    }
    return home;
  }

  private Map<Setting, String> options() {
    Map<Setting, String> options = new EnumMap<>(Setting.class);
    put(options, Setting.DOMAIN, domain);
    put(options, Setting.EMAIL, email);
    put(options, Setting.DIRECTORY, directory);
    put(options, Setting.CA_FILE, caFile);
    put(options, Setting.SUFFIXES, suffixes);
    put(options, Setting.VIP, vip);
    put(options, Setting.EDGES, edges);
    put(options, Setting.KAFKA, kafka);
    put(options, Setting.DATA, data);
    put(options, Setting.OVERRIDE, override);
    put(options, Setting.IMAGES, images);
    put(options, Setting.VERSION, version);
    return options;
  }

  private static void put(Map<Setting, String> options, Setting setting, String value) {
    if (value != null) {
      options.put(setting, value);
    }
  }

  private static void show(Dialog person, List<ClusterNode> nodes) {
    person.tell("Nodes of this Swarm:");
    for (ClusterNode node : nodes) {
      person.tell(
          "  %-20s %-16s %-16s %s%s"
              .formatted(
                  node.name(),
                  node.role(),
                  node.address(),
                  node.usable() ? "ready" : node.state() + ", " + node.availability(),
                  node.isEdge() ? ", edge" : ""));
    }
  }

  /** A broker's data lies on its node: a label that moves would start an empty one. */
  private static void keepBrokers(List<ClusterNode> nodes, Answers answers) {
    for (ClusterNode node : nodes) {
      String now = node.labels().get(NodeLabels.KAFKA);
      int place = answers.kafka().stream().map(ClusterNode::id).toList().indexOf(node.id()) + 1;
      if (now != null && !now.equals(Integer.toString(place))) {
        throw new CliException(
            "node %s is labelled %s=%s: broker %s keeps its data there, and another node has none."
                    .formatted(node.name(), NodeLabels.KAFKA, now, now)
                + " To move it: skep export, remove the label (docker node update --label-rm),"
                + " init, deploy, skep import",
            2);
      }
    }
  }

  private SwarmSecrets clear(EngineClient engine, Setup setup) {
    if (SuiteObjects.deployed(engine)) {
      throw new CliException(
          "the stack runs, and its secrets are in use. To make new ones: docker stack rm "
              + STACK
              + "; skep init --renew; skep stack deploy -c stack.yml "
              + STACK
              + ". What the old keys sealed cannot be opened then: stacks must be deployed again,"
              + " and certificates are ordered again");
    }
    SwarmSecrets.remove(engine, line -> out.accept("secrets    " + line));
    setup.putAside();
    return SwarmSecrets.read(engine);
  }

  private void variables(EnvFile env, Answers answers, String clusterId) {
    String known = env.get("SKEP_KAFKA_CLUSTER_ID");
    if (known != null && !known.equals(clusterId)) {
      throw new CliException(
          "%s says SKEP_KAFKA_CLUSTER_ID=%s, and the broker of these secrets is %s: remove the line and run init again"
              .formatted(env.path(), known, clusterId));
    }
    Map<String, String> wanted = answers.variables(clusterId);
    Map<String, String> added = env.add(wanted);
    out.accept(
        added.isEmpty()
            ? ".env       exists"
            : ".env       " + env.path() + ": " + String.join(", ", added.keySet()));
    wanted.forEach(
        (name, value) -> {
          String kept = added.containsKey(name) ? value : env.get(name);
          if (!value.equals(kept)) {
            out.accept(".env       keeps " + name + "=" + kept + ", not " + value);
          }
          String louder = environment.get(name);
          if (louder != null && !louder.equals(kept)) {
            out.accept(
                ".env       %s=%s of the environment would hide this: unset %s"
                    .formatted(name, louder, name));
          }
        });
  }
}
