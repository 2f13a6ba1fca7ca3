package dev.skep.monitor;

import dev.skep.model.Condition;
import dev.skep.model.Sealed;
import dev.skep.model.cert.Certificate;
import dev.skep.model.cluster.Node;
import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;
import dev.skep.model.edge.Backend;
import dev.skep.model.edge.EdgeStatus;
import dev.skep.model.edge.Route;
import dev.skep.model.edge.Rule;
import dev.skep.model.edge.StorePosition;
import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Stack;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Records as the other services would write them. */
public final class Fixtures {
  /** The time of all that happens in tests. */
  public static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

  private Fixtures() {}

  /** A node that is ready. */
  public static Node node(String id, Node.Role role) {
    return node(id, role, Node.State.READY, false);
  }

  /** A node. */
  public static Node node(String id, Node.Role role, Node.State state, boolean leader) {
    Node.Reachability reachability =
        role == Node.Role.WORKER
            ? null
            : state == Node.State.READY
                ? Node.Reachability.REACHABLE
                : Node.Reachability.UNREACHABLE;
    return new Node(
        id,
        id + ".example",
        role,
        Node.Availability.ACTIVE,
        state,
        "10.0.0." + (id.hashCode() & 0x7f),
        leader,
        reachability,
        "28.5.1",
        "linux",
        "x86_64",
        4_000_000_000L,
        8L << 30,
        Map.of(),
        null,
        7);
  }

  /** A replicated service of the stack "demo". */
  public static Service service(String id, int desired) {
    return service(id, desired, Service.Mode.REPLICATED, null, Map.of(), Map.of());
  }

  /** A service of the stack "demo". */
  public static Service service(
      String id,
      int desired,
      Service.Mode mode,
      Service.UpdateStatus update,
      Map<String, String> labels,
      Map<String, String> environment) {
    return new Service(
        id,
        "demo_" + id,
        "demo",
        labels,
        mode,
        desired,
        "registry.example/" + id + ":1.2@sha256:" + "ab".repeat(32),
        List.of("net1"),
        List.of(),
        true,
        false,
        environment,
        update,
        NOW.minus(Duration.ofDays(3)),
        NOW,
        11);
  }

  /** A task that is wanted. */
  public static Task task(String id, String service, String node, Task.State state) {
    return task(id, service, node, state, Task.State.RUNNING, "", null);
  }

  /** A task. */
  public static Task task(
      String id,
      String service,
      String node,
      Task.State state,
      Task.State desired,
      String error,
      Integer exitCode) {
    return new Task(
        id,
        service,
        1,
        node,
        state,
        desired,
        state == Task.State.RUNNING && desired == Task.State.RUNNING,
        "",
        error,
        exitCode,
        null,
        "registry.example/" + service + ":1.2",
        List.of(new Task.Address("net1", "10.1.0.2")),
        NOW.minusSeconds(2),
        NOW,
        13);
  }

  /** A route that edges serve. */
  public static Route route(String id, String service) {
    return route(id, service, Condition.isTrue(Route.ACCEPTED, "Accepted", "", NOW));
  }

  /** A route. */
  public static Route route(String id, String service, Condition accepted) {
    return new Route(
        id,
        service,
        "demo_" + service,
        new Rule.And(List.of(new Rule.Host(id + ".example.org"), new Rule.PathPrefix("/app"))),
        40,
        List.of("websecure"),
        new Route.Tls(null, List.of()),
        false,
        id,
        List.of(accepted));
  }

  /** A backend with this many servers that take requests, and one that drains. */
  public static Backend backend(String id, String service, int ready) {
    List<Backend.Server> servers =
        java.util.stream.IntStream.rangeClosed(0, ready)
            .mapToObj(
                i ->
                    new Backend.Server(
                        "t" + i,
                        "10.1.0." + (i + 2),
                        80,
                        i < ready ? Backend.State.READY : Backend.State.DRAIN))
            .toList();
    return new Backend(id, service, "http", true, servers);
  }

  /** An issued certificate whose key and order key are sealed. */
  public static Certificate certificate(String name, Duration left) {
    return new Certificate(
        name,
        List.of(name, "www." + name),
        "internal",
        1,
        "-----BEGIN CERTIFICATE-----",
        new Sealed("key-1", "SENTINEL-sealed-leaf-key"),
        "ab".repeat(32),
        "01",
        NOW.minus(Duration.ofDays(1)),
        NOW.plus(left),
        NOW.plus(left.dividedBy(2)),
        null,
        new Sealed("key-1", "SENTINEL-sealed-order-key"),
        0,
        null,
        List.of(Condition.isTrue(Certificate.READY, "Issued", "", NOW)));
  }

  /** A stack whose body is sealed. */
  public static Stack stack(String name, long revision, long observed) {
    return new Stack(
        name,
        revision,
        observed,
        List.of("web", "db"),
        new Sealed("key-1", "SENTINEL-sealed-body"),
        false,
        NOW,
        List.of(
            observed >= revision
                ? Condition.isTrue(Stack.APPLIED, "Applied", "", NOW)
                : Condition.isFalse(Stack.APPLIED, "HealthGate", "web did not start", NOW)));
  }

  /** A deployment. */
  public static Deployment deployment(String stack, long revision, Deployment.Phase phase) {
    return new Deployment(
        stack,
        revision,
        "c" + revision,
        "admin",
        phase,
        List.of(new Deployment.Step("service", "web", "updated", "")),
        "",
        NOW.minusSeconds(12),
        phase == Deployment.Phase.RUNNING ? null : NOW);
  }

  /** An edge that serves, and has applied the routes up to this offset. */
  public static EdgeStatus edge(String name, long applied) {
    return new EdgeStatus(
        name,
        "haproxy 3.4.1",
        new StorePosition(Map.of("skep.routes", new StorePosition.Position("id", applied))),
        2,
        5,
        3,
        Map.of("example.org", "ab".repeat(32)),
        List.of(new EdgeStatus.Refusal("route/bad", "no such thing")),
        List.of(Condition.isTrue("Ready", "Serving", "", NOW)),
        NOW);
  }
}
