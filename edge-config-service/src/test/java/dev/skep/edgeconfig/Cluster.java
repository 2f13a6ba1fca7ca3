package dev.skep.edgeconfig;

import dev.skep.edgeconfig.routing.ClusterView;
import dev.skep.edgeconfig.routing.RoutingOptions;
import dev.skep.edgeconfig.routing.RoutingTable;
import dev.skep.model.cluster.Network;
import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A cluster in the making, for tests: services on the edge network, each with its tasks. */
public final class Cluster {
  public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  public static final String EDGE = "net-edge";

  private final Map<String, Service> services = new LinkedHashMap<>();
  private final List<Task> tasks = new ArrayList<>();
  private final List<Network> networks =
      List.of(
          network(EDGE, "skep-edge"), network("net-db", "shop_db"), network("net-own", "shop_own"));

  public static Network network(String id, String name) {
    return new Network(id, name, "overlay", false, false, false, List.of("10.9.0.0/16"), Map.of());
  }

  /** Labels that route {@code host} to port 80 of a service by the router {@code name}. */
  public static Map<String, String> web(String name, String host) {
    return labels(name, "traefik.http.routers." + name + ".rule", "Host(`" + host + "`)");
  }

  /** traefik.enable, a port for the load balancer {@code name}, and these keys and values. */
  public static Map<String, String> labels(String name, String... keysAndValues) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("traefik.enable", "true");
    labels.put("traefik.http.services." + name + ".loadbalancer.server.port", "80");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      labels.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return labels;
  }

  public static Service service(String id, Map<String, String> labels, String... networks) {
    return service(id, Service.Mode.REPLICATED, labels, networks);
  }

  /** A service named as its id; the age is by the id's order. */
  public static Service service(
      String id, Service.Mode mode, Map<String, String> labels, String... networks) {
    return new Service(
        id,
        id,
        null,
        labels,
        mode,
        2,
        "app:1",
        networks.length == 0 ? List.of(EDGE) : List.of(networks),
        List.of(),
        true,
        false,
        Map.of(),
        null,
        NOW.minusSeconds(1000),
        NOW,
        1);
  }

  public static Task task(
      String id, String serviceId, Task.State state, Task.State desired, boolean ready, String ip) {
    return new Task(
        id,
        serviceId,
        1,
        "node-1",
        state,
        desired,
        ready,
        "",
        "",
        null,
        "container-" + id,
        "app:1",
        ip == null
            ? List.of()
            : List.of(new Task.Address("net-db", "10.8.0.1"), new Task.Address(EDGE, ip)),
        NOW,
        NOW,
        1);
  }

  public static Task ready(String id, String serviceId, String ip) {
    return task(id, serviceId, Task.State.RUNNING, Task.State.RUNNING, true, ip);
  }

  public Cluster with(Service service) {
    services.put(service.id(), service);
    return this;
  }

  public Cluster with(String id, Map<String, String> labels) {
    return with(service(id, labels));
  }

  public Cluster without(String serviceId) {
    services.remove(serviceId);
    return this;
  }

  public Cluster with(Task task) {
    tasks.removeIf(t -> t.id().equals(task.id()));
    tasks.add(task);
    return this;
  }

  public ClusterView view() {
    return new ClusterView(services.values(), tasks, networks, List.of());
  }

  public RoutingTable compile() {
    return compile(RoutingTable.EMPTY);
  }

  public RoutingTable compile(RoutingTable previous) {
    return RoutingTable.compile(view(), RoutingOptions.defaults(), previous, NOW);
  }
}
