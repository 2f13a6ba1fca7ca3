package dev.skep.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * A real Swarm of several nodes on this machine, each a container with its own Engine; with a
 * registry from which they pull and an ACME CA. Everything is found by its name and labels, so any
 * process can use a lab that another one made. Safe for several threads.
 *
 * <p>All methods throw {@link LabException} with what to do when a part does not do as told.
 */
public final class Lab {
  private static final Duration START = Duration.ofSeconds(60);

  private final Docker docker;
  private final LabSpec spec;

  private Lab(Docker docker, LabSpec spec) {
    this.docker = docker;
    this.spec = spec;
  }

  /** The lab that runs under the default name. */
  public static Lab existing() {
    return existing(LabSpec.DEFAULT_NAME);
  }

  /**
   * A lab that was made before, whatever state it is in.
   *
   * @param name as {@link LabSpec#fullName} takes it
   */
  public static Lab existing(String name) {
    String full = LabSpec.fullName(name);
    return find(outer(), full)
        .orElseThrow(
            () -> new LabException("There is no lab " + full + ". Make it: ./skep lab up --yes"));
  }

  /** Makes the default lab, or what is missing of it. */
  public static Lab up(Shape shape, Progress progress) {
    return up(new LabSpec(LabSpec.DEFAULT_NAME, shape, Subnet.DEFAULT), List.of(), progress);
  }

  /**
   * Makes a lab, or what is missing of it, and returns when every node is ready.
   *
   * @param images pushed to its registry, where they are on this machine's Engine
   */
  public static Lab up(LabSpec spec, List<String> images, Progress progress) {
    Docker outer = outer();
    Optional<Lab> found = find(outer, spec.name());
    if (found.isPresent() && !found.get().spec.equals(spec)) {
      LabSpec other = found.get().spec;
      throw new LabException(
          "The lab "
              + spec.name()
              + " is there with other nodes (managers, workers, edges: "
              + other.shape()
              + ", network "
              + other.subnet().cidr()
              + "). Take it away first: ./skep lab down");
    }
    new LabUp(outer, spec, images, progress).run();
    return new Lab(outer, spec);
  }

  /** What it is made of. */
  public LabSpec spec() {
    return spec;
  }

  /** The names of its nodes, managers first. */
  public List<String> nodes() {
    return spec.shape().nodes().stream().map(Node::name).toList();
  }

  /** The names of its nodes of one role. */
  public List<String> nodes(Node.Role role) {
    return spec.shape().nodes().stream()
        .filter(node -> node.role() == role)
        .map(Node::name)
        .toList();
  }

  /** The address that the edges share, without its prefix length. */
  public String vip() {
    return spec.subnet().vip();
  }

  /** A node's own address. */
  public String address(String node) {
    return spec.subnet().of(node(node));
  }

  /** A node's Engine, as {@code DOCKER_HOST}. */
  public String dockerHost(String node) {
    return spec.dockerHost(node(node).name());
  }

  /** The variables by which docker, {@code skep init} and {@code skep stack} use this lab. */
  public Map<String, String> env() {
    Map<String, String> env = new TreeMap<>();
    String manager = swarm().view().map(view -> view.manager().name()).orElse("manager-1");
    env.put("DOCKER_HOST", dockerHost(manager));
    env.put("SKEP_ENGINE_HOST", dockerHost(manager));
    env.put("SKEP_LAB", spec.name());
    env.put("SKEP_DOMAIN", "skep.test");
    env.put("SKEP_VIP", vip() + "/24");
    env.put("SKEP_ACME_DIRECTORY", acmeDirectory());
    env.put("SKEP_ACME_CA_FILE", acmeCaFile().toString());
    env.put("SKEP_ACME_EMAIL", "admin@skep.test");
    env.put("SKEP_CERT_INTERNAL_SUFFIXES", "none");
    env.put("SKEP_EDGE_NODES", String.join(",", nodes(Node.Role.EDGE)));
    List<String> workers = nodes(Node.Role.WORKER);
    env.put("SKEP_KAFKA_NODES", workers.isEmpty() ? "manager-1" : workers.getFirst());
    env.put("SKEP_RECOVERY_PASSPHRASE_FILE", spec.directory().resolve("passphrase").toString());
    home()
        .ifPresent(
            home ->
                env.put(
                    "SKEP_OVERRIDE",
                    home.resolve("stack.acme-ca.yml") + "," + home.resolve("lab/stack.lab.yml")));
    return env;
  }

  /** The URL of the ACME CA's directory. */
  public String acmeDirectory() {
    return "https://" + spec.subnet().acme() + ":14000/dir";
  }

  /** PEM: what a client must trust to talk to that directory. Not the root of what is issued. */
  public Path acmeCaFile() {
    return spec.directory().resolve("acme-ca.pem");
  }

  /**
   * Where the CA gives the root of what it issues, in PEM; another one after each of its starts.
   */
  public String acmeRoot() {
    return "https://" + spec.subnet().acme() + ":15000/roots/0";
  }

  /** The directory of a lab's files on this machine. */
  public Path directory() {
    return spec.directory();
  }

  /** Runs a command on a node, without input. */
  public Result exec(String node, String... command) {
    List<String> arguments = new ArrayList<>(List.of("exec", container(node)));
    arguments.addAll(List.of(command));
    return docker.run(Duration.ofMinutes(5), arguments);
  }

  /** Runs a command on a node with this process's own input and outputs; returns its exit code. */
  public int execAttached(String node, boolean terminal, List<String> command) {
    List<String> arguments = new ArrayList<>(List.of("exec", "--interactive"));
    if (terminal) {
      arguments.add("--tty");
    }
    arguments.add(container(node));
    arguments.addAll(command);
    return docker.attached(arguments);
  }

  /** Shows a node's log, which is its dockerd's; returns the exit code. */
  public int logs(String node, List<String> options) {
    List<String> arguments = new ArrayList<>(List.of("logs"));
    arguments.addAll(options);
    arguments.add(container(node));
    return docker.attached(arguments);
  }

  /** A docker command at a node's Engine. */
  public Result docker(String node, String... arguments) {
    return new Docker(dockerHost(node)).run(arguments);
  }

  /** Pushes images of this machine's Engine to the lab's registry, where it does not have them. */
  public void push(List<String> images, Progress progress) {
    new Registry(docker, spec, progress).push(images);
  }

  /** Does something to several nodes at once. */
  public void each(List<String> nodes, BiConsumer<Lab, String> what) {
    Parallel.each(nodes, node -> what.accept(this, node));
  }

  /** Takes a node's power away. It stays off until {@link #restart}. */
  public void kill(String node) {
    docker.text("kill", container(node));
  }

  /** Restarts a node, running or not; returns when its Engine answers. */
  public void restart(String node) {
    docker.text("restart", container(node));
    awaitEngine(node);
  }

  /** Freezes a node with all that runs on it. */
  public void pause(String node) {
    docker.text("pause", container(node));
  }

  /** Lets a frozen node go on; returns when its Engine answers. */
  public void unpause(String node) {
    docker.text("unpause", container(node));
    awaitEngine(node);
  }

  /**
   * Ends a node's dockerd, as a failure or an upgrade does; returns when its successor answers.
   *
   * @param signal {@code TERM} or {@code KILL}
   */
  public void restartEngine(String node, String signal) {
    String before = dockerd(node);
    docker.text("exec", container(node), "kill", "-" + signal, before);
    Await.until(
        START,
        () -> {
          String now = dockerd(node);
          return !now.isEmpty() && !now.equals(before);
        },
        () -> "dockerd of " + node + " does not come back. See: ./skep lab logs " + node);
    awaitEngine(node);
  }

  /** The same with {@code TERM}. */
  public void restartEngine(String node) {
    restartEngine(node, "TERM");
  }

  /**
   * Cuts nodes off from every machine but each other. A node that is restarted is whole again.
   *
   * @param nodes one or more
   */
  public void partition(String... nodes) {
    List<Node> group = List.of(nodes).stream().map(this::node).toList();
    Parallel.each(group, node -> new Partition(docker, spec).cut(node, group));
  }

  /** Undoes every {@link #partition}. Nodes that are off or frozen are left so. */
  public void heal() {
    Parallel.each(spec.shape().nodes(), node -> new Partition(docker, spec).heal(node));
  }

  /** The manager that leads; empty while there is none. */
  public Optional<String> findLeader() {
    return swarm().view().stream()
        .flatMap(view -> view.members().stream())
        .filter(member -> member.manager().equals("Leader"))
        .map(Swarm.Member::name)
        .findFirst();
  }

  /** The manager that leads. */
  public String leader() {
    return findLeader()
        .orElseThrow(() -> new LabException("The managers have no leader. See: ./skep lab status"));
  }

  /** The edges that have the floating address on an interface: one, unless they are partitioned. */
  public List<String> vipHolders() {
    return nodes(Node.Role.EDGE).stream()
        .filter(
            node -> exec(node, "ip", "-o", "-4", "addr", "show").out().contains(" " + vip() + "/"))
        .toList();
  }

  /** The edge that has the floating address. */
  public Optional<String> vipHolder() {
    return vipHolders().stream().findFirst();
  }

  /** Takes everything away: containers, volumes, the network, directories. */
  public void down() {
    down(spec.name());
  }

  /** The same for a lab of which only parts may be left. Returns whether there was anything. */
  public static boolean down(String name) {
    return new LabDown(outer(), LabSpec.fullName(name)).run();
  }

  /** What there is to see of it. */
  public LabStatus status() {
    return LabStatus.of(this, docker, swarm());
  }

  String container(String node) {
    return spec.container(node(node).name());
  }

  private Node node(String name) {
    return spec.shape().nodes().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new LabException(
                    "The lab has no node " + name + "; it has " + String.join(", ", nodes())));
  }

  private String dockerd(String node) {
    return docker.run("exec", container(node), "pidof", "dockerd").text();
  }

  private void awaitEngine(String node) {
    Await.until(
        START,
        () -> EnginePing.answers(spec.socket(node)),
        () -> "The Engine of " + node + " does not answer. See: ./skep lab logs " + node);
  }

  private Swarm swarm() {
    return new Swarm(spec, Progress.SILENT);
  }

  private static Optional<Lab> find(Docker outer, String name) {
    Result network =
        outer.run(
            "network",
            "inspect",
            "--format",
            "{{index .Labels \"" + LabSpec.SHAPE_LABEL + "\"}}\t{{(index .IPAM.Config 0).Subnet}}",
            name);
    if (!network.ok()) {
      if (network.err().contains("No such network") || network.err().contains("not found")) {
        return Optional.empty();
      }
      throw new LabException(
          "No Docker Engine answers at "
              + outer.host()
              + ": "
              + network.reason()
              + ". Start it, or let Skep do it: ./skep lab up --yes");
    }
    String[] fields = network.text().split("\t", -1);
    if (fields[0].isEmpty()) {
      throw new LabException(
          "There is a network " + name + " that is no lab's. Choose another name: --name NAME");
    }
    return Optional.of(
        new Lab(outer, new LabSpec(name, Shape.parse(fields[0]), Subnet.parse(fields[1]))));
  }

  private static Docker outer() {
    return new Docker(Host.engine(System.getenv()));
  }

  private static Optional<Path> home() {
    return Optional.ofNullable(System.getenv("SKEP_HOME"))
        .or(() -> Optional.ofNullable(System.getProperty("skep.root")))
        .map(Path::of);
  }
}
