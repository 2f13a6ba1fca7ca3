package dev.skep.monitor;

import static dev.skep.monitor.Fixtures.NOW;
import static dev.skep.monitor.Fixtures.backend;
import static dev.skep.monitor.Fixtures.certificate;
import static dev.skep.monitor.Fixtures.deployment;
import static dev.skep.monitor.Fixtures.edge;
import static dev.skep.monitor.Fixtures.node;
import static dev.skep.monitor.Fixtures.route;
import static dev.skep.monitor.Fixtures.service;
import static dev.skep.monitor.Fixtures.stack;
import static dev.skep.monitor.Fixtures.task;

import dev.skep.model.Condition;
import dev.skep.model.cluster.Node;
import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;
import dev.skep.model.cluster.Task.State;
import dev.skep.model.edge.Route;
import dev.skep.model.stack.Deployment;
import dev.skep.monitor.cluster.ClusterModel;
import java.time.Duration;
import java.util.Map;

/** A small cluster in which something of everything is wrong. */
public final class DemoCluster {
  private DemoCluster() {}

  /** A model of it. */
  public static ClusterModel model() {
    ClusterModel m = new ClusterModel();
    m.node("m1", node("m1", Node.Role.MANAGER, Node.State.READY, true));
    m.node("m2", node("m2", Node.Role.MANAGER));
    m.node("m3", node("m3", Node.Role.MANAGER));
    m.node("w1", node("w1", Node.Role.WORKER));
    m.node("w2", node("w2", Node.Role.WORKER, Node.State.DOWN, false));
    m.service("whoami", service("whoami", 3));
    m.service(
        "api",
        service(
            "api",
            2,
            Service.Mode.REPLICATED,
            new Service.UpdateStatus("paused", "update paused due to failure", NOW, null),
            Map.of("note", "a \"quoted\" \\ value"),
            Map.of()));
    m.service("db", service("db", 1));
    m.service("agent", service("agent", 5, Service.Mode.GLOBAL, null, Map.of(), Map.of()));
    for (int i = 1; i <= 3; i++) {
      start(m, "whoami" + i, "whoami", i == 3 ? "w1" : "m" + i);
    }
    Task api = start(m, "api1", "api", "w1");
    start(m, "api2", "api", "m2");
    m.task(
        api,
        task(
            "api1",
            "api",
            "w1",
            State.FAILED,
            State.SHUTDOWN,
            "task: non-zero exit (137): dockerexec: unhealthy container",
            137),
        true);
    m.task(
        null,
        task(
            "db1",
            "db",
            null,
            State.PENDING,
            State.RUNNING,
            "no suitable node (scheduling constraints not satisfied on 4 nodes)",
            null),
        true);
    for (String n : new String[] {"m1", "m2", "m3", "w1", "w2"}) {
      start(m, "agent-" + n, "agent", n);
    }
    m.route("route/whoami", route("whoami", "whoami"));
    m.route("backend/whoami", backend("whoami", "whoami", 3));
    m.route(
        "route/api",
        route(
            "api",
            "api",
            Condition.isFalse(
                Route.ACCEPTED, "HostTaken", "the host is held by <whoami>; choose another", NOW)));
    m.certificate("certificate/example.org", certificate("example.org", Duration.ofDays(29)));
    m.stack("demo", stack("demo", 3, 2));
    m.stack("tools", stack("tools", 1, 1));
    m.deployment("demo/3", deployment("demo", 3, Deployment.Phase.RUNNING), true);
    m.deployment("demo/3", deployment("demo", 3, Deployment.Phase.FAILED), true);
    m.applied("skep.routes", 41, NOW);
    m.edge("edge-1", edge("edge-1", 41));
    m.edge("edge-2", edge("edge-2", 38));
    return m;
  }

  private static Task start(ClusterModel m, String id, String service, String node) {
    Task starting = task(id, service, node, State.STARTING);
    Task running = task(id, service, node, State.RUNNING);
    m.task(null, starting, true);
    m.task(starting, running, true);
    return running;
  }
}
