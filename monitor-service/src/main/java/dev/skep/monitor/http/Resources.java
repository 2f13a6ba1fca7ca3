package dev.skep.monitor.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.model.cert.Certificate;
import dev.skep.model.cert.Issuer;
import dev.skep.model.cluster.Network;
import dev.skep.model.cluster.Node;
import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;
import dev.skep.model.edge.Backend;
import dev.skep.model.edge.EdgeStatus;
import dev.skep.model.edge.Route;
import dev.skep.model.stack.Deployment;
import dev.skep.model.stack.Stack;
import dev.skep.monitor.cluster.ServiceFacts;
import dev.skep.monitor.cluster.Snapshot;
import dev.skep.monitor.status.Conditions;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What there is under {@code /api}, with the filters of each. */
final class Resources {
  /** A task is some 700 bytes: half a megabyte is enough for one answer. */
  private static final int TASKS_LIMIT = 500;

  private Resources() {}

  static List<Resource<?>> of(Supplier<Snapshot> snapshot, Supplier<Collection<Task>> tasks) {
    return List.of(
        nodes(snapshot),
        services(snapshot),
        tasks(snapshot, tasks),
        new Resource<>(
            "networks",
            () -> snapshot.get().networks().stream(),
            List.of(Network::id, Network::name),
            list(Comparator.comparing(Network::name).thenComparing(Network::id)),
            n -> n),
        new Resource<>(
            "stacks",
            () -> snapshot.get().stacks().stream(),
            List.of(Stack::name),
            list(Comparator.comparing(Stack::name)),
            s -> s),
        new Resource<>(
            "deployments",
            () -> snapshot.get().deployments().stream(),
            List.of(Deployment::key),
            list(Comparator.comparing(Deployment::stack)
                    .thenComparing(Comparator.comparingLong(Deployment::revision).reversed()))
                .filter("stack", Filters.equal(Deployment::stack))
                .filter("phase", Filters.constant(Deployment.Phase.class, Deployment::phase)),
            d -> d),
        new Resource<>(
            "routes",
            () -> snapshot.get().routes().stream(),
            List.of(Route::id),
            list(Comparator.comparing(Route::id))
                .filter("service", Filters.any(List.of(Route::serviceId, Route::service)))
                .filter("accepted", Filters.flag(Route::accepted)),
            r -> r),
        new Resource<>(
            "backends",
            () -> snapshot.get().backends().stream(),
            List.of(Backend::id),
            list(Comparator.comparing(Backend::id))
                .filter("service", Filters.equal(Backend::serviceId)),
            b -> b),
        new Resource<>(
            "certificates",
            () -> snapshot.get().certificates().stream(),
            List.of(Certificate::name),
            list(Comparator.comparing(Certificate::name))
                .filter("issuer", Filters.equal(Certificate::issuer))
                .filter(
                    "ready",
                    Filters.flag(c -> Conditions.holds(c.conditions(), Certificate.READY))),
            c -> c),
        new Resource<>(
            "issuers",
            () -> snapshot.get().issuers().stream(),
            List.of(Issuer::name),
            list(Comparator.comparing(Issuer::name)),
            i -> i),
        new Resource<>(
            "edges",
            () -> snapshot.get().edges().stream(),
            List.of(EdgeStatus::edge),
            list(Comparator.comparing(EdgeStatus::edge)),
            e -> e));
  }

  private static Resource<Node> nodes(Supplier<Snapshot> snapshot) {
    return new Resource<>(
        "nodes",
        () -> snapshot.get().nodes().stream(),
        List.of(Node::id, Node::hostname),
        list(Comparator.comparing(Node::hostname).thenComparing(Node::id))
            .filter("role", Filters.constant(Node.Role.class, Node::role))
            .filter("state", Filters.constant(Node.State.class, Node::state)),
        n -> n);
  }

  private static Resource<ServiceFacts> services(Supplier<Snapshot> snapshot) {
    Function<ServiceFacts, String> name = f -> f.service().name();
    return new Resource<>(
        "services",
        () -> snapshot.get().services().stream(),
        List.of(f -> f.service().id(), name),
        list(Comparator.comparing(name).thenComparing(f -> f.service().id()))
            .filter("stack", Filters.equal(f -> f.service().stack()))
            .filter("healthy", Filters.flag(ServiceFacts::healthy)),
        Resources::withTasks);
  }

  private static Resource<Task> tasks(
      Supplier<Snapshot> snapshot, Supplier<Collection<Task>> tasks) {
    Comparator<Task> order =
        Comparator.comparing((Task t) -> Objects.requireNonNullElse(t.serviceId(), ""))
            .thenComparingInt(Task::slot)
            .thenComparing(Task::id);
    return new Resource<>(
        "tasks",
        () -> tasks.get().stream(),
        List.of(Task::id),
        new Listing<>(order, TASKS_LIMIT)
            .filter("service", value -> byService(snapshot.get(), value))
            .filter("node", value -> byNode(snapshot.get(), value))
            .filter("state", Filters.constant(Task.State.class, Task::state))
            .filter("desired", Filters.constant(Task.State.class, Task::desired)),
        t -> t);
  }

  private static Predicate<Task> byService(Snapshot s, String value) {
    String id =
        s.services().stream()
            .map(ServiceFacts::service)
            .filter(v -> v.name().equals(value))
            .map(Service::id)
            .findFirst()
            .orElse(value);
    return task -> id.equals(task.serviceId());
  }

  private static Predicate<Task> byNode(Snapshot s, String value) {
    List<String> ids =
        s.nodes().stream().filter(n -> n.hostname().equals(value)).map(Node::id).toList();
    return task -> value.equals(task.nodeId()) || ids.contains(task.nodeId());
  }

  /** The service's record with the count of its tasks, as people ask for both together. */
  private static Object withTasks(ServiceFacts facts) {
    ObjectNode tree = ApiJson.mapper().valueToTree(facts.service());
    tree.putObject("tasks")
        .put("desired", facts.service().desired())
        .put("running", facts.tasks().running())
        .put("effective", facts.tasks().effective())
        .put("ready", facts.tasks().ready())
        .put("unplaceable", facts.tasks().unplaceable())
        .put("restarts", facts.tasks().restarts());
    tree.put("healthy", facts.healthy());
    return tree;
  }

  private static <T> Listing<T> list(Comparator<T> order) {
    return new Listing<>(order, Listing.MAX_LIMIT);
  }
}
