package dev.skep.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.skep.testing.Shell;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/** The lab's cluster as its user has it: by the commands, and Docker's own client. */
final class LabCluster {
  private static final System.Logger LOG = System.getLogger(LabCluster.class.getName());
  private static final Path ROOT = Path.of(System.getProperty("skep.root"));
  private static final Pattern EXPORT = Pattern.compile("export ([A-Z_]+)='?([^'\\n]*)'?;?");
  private static final List<String> MANAGERS = List.of("manager-1", "manager-2", "manager-3");

  private final Map<String, String> env;

  /** That answered last: asked first the next time. */
  private volatile String manager = MANAGERS.getFirst();

  private LabCluster(Map<String, String> env) {
    this.env = env;
  }

  /**
   * Brings a lab up, or takes the one of this name that is.
   *
   * @param name not the default one, which is its user's
   * @param subnet of its own
   */
  static LabCluster up(String name, String subnet) throws Exception {
    Map<String, String> named = Map.of("SKEP_LAB", name);
    run(named, "lab", "up", "--yes", "--subnet", subnet);
    Map<String, String> env = new TreeMap<>();
    Matcher export = EXPORT.matcher(run(named, "lab", "env"));
    while (export.find()) {
      env.put(export.group(1), export.group(2));
    }
    return new LabCluster(env);
  }

  /** Takes a lab away, if there is one of this name. */
  static void down(String name) throws Exception {
    run(Map.of("SKEP_LAB", name), "lab", "down");
  }

  /** Builds our images of a version, and has the lab's registry serve them. */
  void provideImages(String version) throws Exception {
    run(Map.of(), "images", "build", "--version", version);
    List<String> push = new ArrayList<>(List.of("lab", "push"));
    push.addAll(ourImages(version));
    run(Map.of("SKEP_LAB", env("SKEP_LAB")), push.toArray(String[]::new));
  }

  /** Takes our images of a version off this machine. */
  static void forgetImages(String version) throws Exception {
    List<String> remove = new ArrayList<>(List.of("docker", "rmi"));
    remove.addAll(ourImages(version));
    if (remove.size() > 2) {
      Shell.ok(remove.toArray(String[]::new));
    }
  }

  private static List<String> ourImages(String version) throws Exception {
    return Shell.ok("docker", "images", "--format", "{{.Repository}}:{{.Tag}}")
        .lines()
        .filter(image -> image.startsWith("skep/") && image.endsWith(":" + version))
        .toList();
  }

  /** A value that {@code lab env} exports. */
  String env(String name) {
    String value = env.get(name);
    if (value == null) {
      throw new IllegalStateException("lab env does not export " + name + ", only " + env.keySet());
    }
    return value;
  }

  /** The floating address, without its prefix length. */
  String vip() {
    return env("SKEP_VIP").replaceFirst("/.*", "");
  }

  /** Runs {@code ./skep ARGS} with the lab's environment; must succeed. */
  String skep(String... args) throws Exception {
    return run(env, args);
  }

  /** Runs {@code ./skep ARGS} with the lab's environment. */
  Shell.Result trySkep(String... args) throws Exception {
    return tryRun(env, args);
  }

  /** Runs {@code ./skep ARGS} with more variables; must succeed. */
  String skepWith(Map<String, String> more, String... args) throws Exception {
    Map<String, String> all = new HashMap<>(env);
    all.putAll(more);
    return run(all, args);
  }

  private static Shell.Result tryRun(Map<String, String> env, String... args) throws Exception {
    List<String> command = new ArrayList<>(List.of(ROOT.resolve("skep").toString()));
    command.addAll(List.of(args));
    long begun = System.nanoTime();
    Shell.Result result = Shell.run(command, env);
    double seconds = (System.nanoTime() - begun) / 1e9;
    LOG.log(
        System.Logger.Level.INFO,
        () -> "%.1f s: skep %s".formatted(seconds, String.join(" ", args)));
    return result;
  }

  private static String run(Map<String, String> env, String... args) throws Exception {
    Shell.Result result = tryRun(env, args);
    if (result.exit() != 0) {
      throw new IOException(
          "skep %s ended with %d:%n%s"
              .formatted(String.join(" ", args), result.exit(), result.output()));
    }
    return result.output();
  }

  /** Runs docker against a node's own Engine; must succeed. */
  String dockerOn(String node, String... args) throws Exception {
    Shell.Result result = tryDockerOn(node, args);
    if (result.exit() != 0) {
      throw new IOException(
          "docker %s on %s ended with %d:%n%s"
              .formatted(String.join(" ", args), node, result.exit(), result.output()));
    }
    return result.output().strip();
  }

  Shell.Result tryDockerOn(String node, String... args) throws Exception {
    List<String> command = new ArrayList<>(List.of("timeout", "20", "docker"));
    command.addAll(List.of(args));
    // Not by what lab env says of DOCKER_HOST: that is whichever manager answered first.
    String socket = "unix:///run/" + env("SKEP_LAB") + "/" + node + ".sock";
    return Shell.run(command, Map.of("DOCKER_HOST", socket));
  }

  /** Runs docker against a manager that answers; must succeed. */
  String docker(String... args) throws Exception {
    String asked = manager;
    Shell.Result result = tryDockerOn(asked, args);
    if (result.exit() == 0) {
      return result.output().strip();
    }
    // It may be the command that is wrong, and not the manager.
    for (String other : MANAGERS) {
      if (tryDockerOn(other, "node", "ls", "-q").exit() == 0) {
        manager = other;
        return dockerOn(other, args);
      }
    }
    throw new IOException("no manager answers; %s said: %s".formatted(asked, result.output()));
  }

  /** Which manager leads. */
  String leader() throws Exception {
    for (String line :
        docker("node", "ls", "--format", "{{.Hostname}} {{.ManagerStatus}}").split("\n", -1)) {
      if (line.endsWith(" Leader")) {
        return line.split(" ", -1)[0];
      }
    }
    throw new IOException("no leader");
  }

  /** The node on which a service's only running task is. */
  String nodeOf(String service) throws Exception {
    return docker("service", "ps", service, "-f", "desired-state=running", "--format", "{{.Node}}")
        .split("\n", -1)[0];
  }

  /** Whether no task of a service runs any more: also none that has only been told to stop. */
  boolean hasStopped(String service) throws Exception {
    return docker("service", "ps", service, "--format", "{{.CurrentState}}")
        .lines()
        .noneMatch(state -> state.startsWith("Running"));
  }

  /** What a service's last update has come to: {@code updating}, {@code completed} and so on. */
  String updateState(String service) throws Exception {
    return docker("service", "inspect", service, "--format", "{{.UpdateStatus.State}}");
  }

  /** Kills the containers of a service on a node: SIGKILL, without notice. */
  void killTask(String service, String node) throws Exception {
    String filter = "label=com.docker.swarm.service.name=" + service;
    List<String> kill = new ArrayList<>(List.of("kill", "-s", "KILL"));
    kill.addAll(dockerOn(node, "ps", "-q", "--filter", filter).lines().toList());
    assertThat(kill).as("containers of %s on %s", service, node).hasSizeGreaterThan(3);
    dockerOn(node, kill.toArray(String[]::new));
  }

  /** How many orders the ACME CA has seen. */
  long orders() throws Exception {
    return acmeSaid("Added order ");
  }

  /** How many certificates the ACME CA has issued. */
  long issued() throws Exception {
    return acmeSaid("Issued certificate ");
  }

  private long acmeSaid(String words) throws Exception {
    return Shell.ok("docker", "logs", env("SKEP_LAB") + "-acme")
        .lines()
        .filter(line -> line.contains(words))
        .count();
  }

  /** Every service that has fewer running tasks than it wants, or is being updated. */
  List<String> unconverged() throws Exception {
    List<String> all = new ArrayList<>();
    String services = docker("service", "ls", "--format", "{{.Name}} {{.Replicas}}");
    for (String line : services.split("\n", -1)) {
      String[] parts = line.split("[ /]", -1);
      boolean job = line.contains("completed");
      // A node that is gone takes a while to stop counting.
      if (!job && Integer.parseInt(parts[1]) < Integer.parseInt(parts[2])) {
        all.add(line);
      }
      if (job && !line.contains("1/1 completed")) {
        all.add(line);
      }
    }
    String ids = docker("service", "ls", "-q");
    List<String> inspect =
        new ArrayList<>(
            List.of(
                "service",
                "inspect",
                "--format",
                "{{.Spec.Name}} {{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}}"));
    inspect.addAll(List.of(ids.split("\\s+", -1)));
    docker(inspect.toArray(String[]::new))
        .lines()
        .filter(line -> !line.endsWith(" completed") && line.strip().contains(" "))
        .forEach(all::add);
    return all;
  }

  /** Waits until every service has its tasks; tells which have not, and why. */
  void awaitConverged(Duration patience) {
    awaitConverged(patience, service -> true);
  }

  /**
   * Waits until the services that are asked for have their tasks; tells which have not, and why.
   *
   * @param which by their names in stack.yml
   */
  void awaitConverged(Duration patience, Predicate<String> which) {
    try {
      await()
          .atMost(patience)
          .pollInterval(Duration.ofSeconds(1))
          .ignoreExceptions()
          .untilAsserted(
              () -> assertThat(unconverged()).noneMatch(line -> which.test(serviceIn(line))));
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(e.getMessage() + "\n" + tasks(which), e);
    }
  }

  /** The name in stack.yml. */
  private static String serviceIn(String line) {
    return line.replaceFirst(" .*", "").replaceFirst("^skep_", "");
  }

  private String tasks(Predicate<String> which) {
    StringBuilder all = new StringBuilder();
    try {
      for (String line : unconverged()) {
        if (which.test(serviceIn(line))) {
          String format = "{{.Name}} {{.Node}} {{.DesiredState}} {{.CurrentState}} {{.Error}}";
          all.append(
              docker("service", "ps", "--no-trunc", "--format", format, line.split(" ", -1)[0]));
          all.append('\n');
        }
      }
    } catch (Exception e) {
      all.append(e);
    }
    return all.toString();
  }

  /** Waits until a node is what the cluster says it is: {@code ready} or {@code down}. */
  void awaitNode(String node, String state) {
    // A leader that is elected gives every node most of a minute.
    await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(500))
        .ignoreExceptions()
        .until(() -> docker("node", "inspect", node, "-f", "{{.Status.State}}"), state::equals);
  }

  /** The cluster's nodes by name. */
  List<String> nodes() throws Exception {
    return docker("node", "ls", "--format", "{{.Hostname}}").lines().sorted().toList();
  }

  /** The edge that has the floating address; empty if none has. */
  String vipHolder() throws Exception {
    for (String edge : env("SKEP_EDGE_NODES").split(",", -1)) {
      Shell.Result addresses =
          Shell.run(
              List.of(
                  "timeout",
                  "10",
                  "docker",
                  "exec",
                  env("SKEP_LAB") + "-" + edge,
                  "ip",
                  "-4",
                  "addr"),
              Map.of());
      if (addresses.exit() == 0 && addresses.output().contains("inet " + vip() + "/")) {
        return edge;
      }
    }
    return "";
  }

  /** What {@code skep lab} is to do to a node. */
  void fault(String... command) throws Exception {
    List<String> args = new ArrayList<>(List.of("lab"));
    args.addAll(List.of(command));
    skep(args.toArray(String[]::new));
  }
}
