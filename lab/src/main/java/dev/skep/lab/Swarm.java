package dev.skep.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The cluster that the lab's Engines form: makes it, and makes it whole again. */
final class Swarm {
  private static final Duration QUORUM = Duration.ofSeconds(60);
  private static final Duration CALL = Duration.ofSeconds(10);

  private final LabSpec spec;
  private final Progress progress;

  Swarm(LabSpec spec, Progress progress) {
    this.spec = spec;
    this.progress = progress;
  }

  /**
   * A line of {@code docker node ls}.
   *
   * @param manager {@code Leader}, {@code Reachable}, {@code Unreachable}, or empty for a worker
   */
  record Member(String id, String name, String status, String availability, String manager) {
    static Member parse(String line) {
      String[] fields = line.split("\t", -1);
      return new Member(fields[0], fields[1], fields[2], fields[3], fields[4]);
    }

    boolean ready() {
      return status.equals("Ready");
    }
  }

  /** What an Engine says of itself. */
  private record Local(String state, String id, boolean manager) {}

  /**
   * The cluster, seen by a manager that speaks for the majority.
   *
   * @param manager who sees it
   */
  record View(Node manager, List<Member> members) {}

  /**
   * Asks all managers at once: one that is cut off takes its time. Empty if none has a majority.
   */
  Optional<View> view() {
    List<Callable<View>> calls =
        managers().stream().map(node -> (Callable<View>) () -> view(node)).toList();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      return Optional.of(executor.invokeAny(calls));
    } catch (ExecutionException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted");
    }
  }

  private View view(Node manager) {
    if (!EnginePing.answers(spec.socket(manager.name()))) {
      throw new LabException("The Engine of " + manager.name() + " does not answer");
    }
    List<Member> members = members(manager).orElse(List.of());
    if (!hasMajority(members)) {
      throw new LabException(manager.name() + " reaches too few managers");
    }
    return new View(manager, members);
  }

  /**
   * A leader that is cut off goes on believing that it leads: it counts as one that reaches too
   * few.
   */
  static boolean hasMajority(List<Member> members) {
    long managers = members.stream().filter(member -> !member.manager().isEmpty()).count();
    long reached =
        members.stream()
            .filter(member -> Set.of("Leader", "Reachable").contains(member.manager()))
            .count();
    return 2 * reached > managers;
  }

  /** Makes every node of the lab a member. Their Engines must answer. */
  void form() {
    Node manager = establish();
    List<Member> members = members(manager).orElseThrow();
    List<Node> missing = new ArrayList<>();
    for (Node node : spec.shape().nodes()) {
      String id = local(node).id();
      if (members.stream().noneMatch(member -> member.id().equals(id))) {
        missing.add(node);
      }
    }
    if (!missing.isEmpty()) {
      missing.forEach(node -> forget(manager, members, node));
      // A change of the managers wants the consent of a majority: one at a time. Workers are
      // independent of each other.
      List<Runnable> tasks = new ArrayList<>();
      tasks.add(
          () -> missing.stream().filter(Swarm::isManager).forEach(node -> join(manager, node)));
      missing.stream()
          .filter(node -> !isManager(node))
          .forEach(node -> tasks.add(() -> join(manager, node)));
      Parallel.all(tasks);
      progress.say("Joined " + String.join(", ", missing.stream().map(Node::name).toList()));
    }
    awaitReady(manager);
    label(manager);
  }

  private Node establish() {
    boolean clustered = managers().stream().map(this::local).anyMatch(Local::manager);
    if (clustered) {
      Await.until(
          QUORUM,
          () -> view().isPresent(),
          () ->
              "The managers find no majority (see: ./skep lab logs manager-1). "
                  + "Begin anew with ./skep lab down; docs/install.md says how to rescue a cluster.");
      return view().orElseThrow().manager();
    }
    Node first = managers().getFirst();
    leave(first);
    docker(first).text("swarm", "init", "--advertise-addr", spec.subnet().of(first));
    progress.say("Made a Swarm on " + first.name());
    return first;
  }

  private void join(Node manager, Node node) {
    leave(node);
    String token =
        docker(manager).text("swarm", "join-token", "-q", isManager(node) ? "manager" : "worker");
    String address = spec.subnet().of(node);
    String remote = spec.subnet().of(manager) + ":2377";
    docker(node).text("swarm", "join", "--advertise-addr", address, "--token", token, remote);
  }

  private void leave(Node node) {
    if (!local(node).state().equals("inactive")) {
      docker(node).text("swarm", "leave", "--force");
    }
  }

  /** An earlier life of the node would stay in the list for ever, and count as a manager. */
  private void forget(Node manager, List<Member> members, Node node) {
    for (Member member : members) {
      if (member.name().equals(node.name())) {
        if (!member.manager().isEmpty()) {
          docker(manager).text("node", "demote", member.id());
        }
        docker(manager).text("node", "rm", "--force", member.id());
      }
    }
  }

  private void awaitReady(Node manager) {
    List<String> names = spec.shape().nodes().stream().map(Node::name).toList();
    Await.until(
        QUORUM,
        () -> notReady(manager, names).isEmpty(),
        () ->
            "Not ready after "
                + QUORUM.toSeconds()
                + " s: "
                + String.join(", ", notReady(manager, names))
                + ". See: ./skep lab logs NODE");
  }

  private List<String> notReady(Node manager, List<String> names) {
    List<Member> members = members(manager).orElse(List.of());
    return names.stream()
        .filter(name -> members.stream().noneMatch(m -> m.name().equals(name) && m.ready()))
        .toList();
  }

  private void label(Node manager) {
    for (Node node : spec.shape().nodes()) {
      if (node.role() == Node.Role.EDGE) {
        docker(manager).text("node", "update", "--label-add", "skep.edge=true", node.name());
      }
    }
  }

  private Optional<List<Member>> members(Node manager) {
    Result result =
        docker(manager)
            .run(
                CALL,
                List.of(
                    "node",
                    "ls",
                    "--format",
                    "{{.ID}}\t{{.Hostname}}\t{{.Status}}\t{{.Availability}}\t{{.ManagerStatus}}"));
    return result.ok()
        ? Optional.of(result.out().lines().map(Member::parse).toList())
        : Optional.empty();
  }

  private Local local(Node node) {
    String[] fields =
        docker(node)
            .text(
                "info",
                "--format",
                "{{.Swarm.LocalNodeState}}\t{{.Swarm.NodeID}}\t{{.Swarm.ControlAvailable}}")
            .split("\t", -1);
    return new Local(fields[0], fields[1], fields[2].equals("true"));
  }

  private List<Node> managers() {
    return spec.shape().nodes().stream().filter(Swarm::isManager).toList();
  }

  private Docker docker(Node node) {
    return new Docker(spec.dockerHost(node.name()));
  }

  private static boolean isManager(Node node) {
    return node.role() == Node.Role.MANAGER;
  }
}
