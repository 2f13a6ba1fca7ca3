package dev.skep.inventory.ledger;

import dev.skep.inventory.mapping.ClusterState;
import dev.skep.model.cluster.Network;
import dev.skep.model.cluster.Node;
import dev.skep.model.cluster.Observation;
import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The inventory's state.
 *
 * <ol>
 *   <li>Readings of the Engine and observations of agents come in, in any order; {@link #now}
 *       counts them, so that a long reading never undoes what was learned while it ran.
 *   <li>Each marks the keys that it may have changed.
 *   <li>{@link #changes} compares the marked keys with what was published.
 * </ol>
 *
 * <p>For one thread.
 */
public final class Ledger {
  /** What the topics hold. */
  public record Published(
      Map<String, Node> nodes,
      Map<String, Service> services,
      Map<String, Task> tasks,
      Map<String, Network> networks) {}

  /** What an observation asks for: readings that will tell more. */
  public record Followup(Set<String> services, Set<String> tasks) {
    static final Followup NONE = new Followup(Set.of(), Set.of());
  }

  private final AgentWatch agents = new AgentWatch();
  private final Sights sights = new Sights();
  private final Table<Node> nodes;
  private final Table<Service> services;
  private final Table<Task> tasks;
  private final Table<Network> networks;
  private final Index byService = new Index();
  private final Index byNode = new Index();
  private long count;
  private boolean synced;

  /** A ledger that starts from what a process before it has published. */
  public Ledger(Published published, Instant agentsExpectedFrom) {
    nodes = new Table<>(published.nodes(), n -> n.withAgentSeen(agents.seen(n.id())));
    services = new Table<>(published.services(), s -> s);
    tasks = new Table<>(published.tasks(), this::effective);
    networks = new Table<>(published.networks(), n -> n);
    published
        .nodes()
        .values()
        .forEach(
            n -> {
              if (n.agentSeen() != null) {
                agents.expect(n.id(), !n.agentSeen(), agentsExpectedFrom);
              }
            });
  }

  /** The moment, by this ledger's own count: note it when a reading of the Engine begins. */
  public long now() {
    return ++count;
  }

  /** Whether the whole cluster was read at least once. */
  public boolean synced() {
    return synced;
  }

  // -- the Engine's word

  /**
   * The whole cluster, whose reading began at {@code read}. Returns the services whose tasks have
   * changed and are not yet as they are wanted: they are to be followed.
   */
  public Set<String> full(ClusterState state, long read, String cause) {
    Set<String> allNodes = new HashSet<>(nodes.keys());
    allNodes.addAll(state.nodes().keySet());
    nodes(state.nodes(), allNodes, read, cause);
    replaceAll(services, state.services(), services.keys(), read, cause);
    replaceAll(networks, state.networks(), networks.keys(), read, cause);
    Set<String> progressed = putTasks(state.tasks(), tasks.keys(), read, cause);
    if (!synced) {
      synced = true;
      // What an earlier process published and is gone since.
      nodes.markUnknown(cause);
      services.markUnknown(cause);
      networks.markUnknown(cause);
      tasks.markUnknown(cause);
    }
    progressed.removeIf(this::settled);
    return progressed;
  }

  /** These nodes were asked for: those that were not found are gone. */
  public void nodes(Map<String, Node> found, Collection<String> asked, long read, String cause) {
    for (String id : asked) {
      Node before = nodes.get(id);
      Node after = found.get(id);
      nodes.put(id, after, read, cause);
      if (after == null) {
        agents.forget(id);
      }
      if (before == null || after == null || before.mayServe() != after.mayServe()) {
        byNode.of(id).forEach(task -> tasks.mark(task, cause));
      }
    }
  }

  /** These services were asked for: those that were not found are gone. */
  public void services(
      Map<String, Service> found, Collection<String> asked, long read, String cause) {
    asked.forEach(id -> services.put(id, found.get(id), read, cause));
  }

  /** These networks were asked for: those that were not found are gone. */
  public void networks(
      Map<String, Network> found, Collection<String> asked, long read, String cause) {
    asked.forEach(id -> networks.put(id, found.get(id), read, cause));
  }

  /** All tasks of these services; returns the services whose tasks have changed. */
  public Set<String> tasksOf(
      Collection<String> serviceIds, Map<String, Task> found, long read, String cause) {
    Set<String> asked = new HashSet<>();
    serviceIds.forEach(id -> asked.addAll(byService.of(id)));
    return putTasks(found, asked, read, cause);
  }

  /** These tasks were asked for: those that were not found are gone. */
  public Set<String> tasks(
      Collection<String> asked, Map<String, Task> found, long read, String cause) {
    return putTasks(found, asked, read, cause);
  }

  /**
   * A service was removed, and Swarm with it wants none of its tasks any more: said at once, as the
   * Engine tells it only when it is asked for the tasks. Returns the tasks that are left.
   */
  public Set<String> serviceRemoved(String id, String cause) {
    long moment = now();
    services.put(id, null, moment, cause);
    Set<String> left = Set.copyOf(byService.of(id));
    for (String taskId : left) {
      Task task = tasks.get(taskId);
      if (task != null && task.wanted()) {
        tasks.put(taskId, task.withDesired(Task.State.REMOVE), moment, cause);
      }
    }
    return left;
  }

  // -- the agents' word

  /**
   * What an agent saw.
   *
   * @param now when it was heard, by this process's clock
   */
  public Followup observe(Observation seen, Instant now, String cause) {
    String node = seen.nodeId();
    if (seen.kind() == Observation.Kind.BYE) {
      agentChanged(node, agents.forget(node), cause);
      return Followup.NONE;
    }
    // What an agent that has said goodbye saw last may come late: it is not back by that.
    if (seen.kind() == Observation.Kind.BEAT || agents.seen(node) != null) {
      agentChanged(node, agents.beat(node, now), cause);
    }
    if (seen.taskId() == null) {
      return Followup.NONE;
    }
    Task task = tasks.get(seen.taskId());
    if (task == null || task.nodeId() == null) {
      sights.hold(seen);
      return new Followup(Set.of(), Set.of(seen.taskId()));
    }
    if (!task.nodeId().equals(node)) {
      return Followup.NONE;
    }
    if (sights.note(seen)) {
      tasks.mark(task.id(), cause);
    }
    // Swarm says nothing when it replaces a task that ended.
    return new Followup(Set.of(task.serviceId()), Set.of());
  }

  /**
   * Looks for agents that fell silent; several times a second.
   *
   * @param heardUntil when beats could be heard last for certain; null while none can arrive
   */
  public Set<String> checkAgents(Instant now, Instant heardUntil) {
    Set<String> fallen = agents.check(now, heardUntil);
    fallen.forEach(node -> agentChanged(node, true, "agent-silent"));
    return fallen;
  }

  private void agentChanged(String node, boolean changed, String cause) {
    if (changed) {
      nodes.mark(node, cause);
      byNode.of(node).forEach(task -> tasks.mark(task, cause));
    }
  }

  // -- questions

  /**
   * Whether a service's tasks are as they are wanted, so that there is nothing to follow. Of a
   * service that is gone: whether its tasks are.
   */
  public boolean settled(String serviceId) {
    Service service = services.get(serviceId);
    Set<String> ids = byService.of(serviceId);
    if (service == null) {
      return ids.isEmpty();
    }
    String update = service.updateStatus() == null ? "" : service.updateStatus().state();
    if (update.equals("updating") || update.equals("rollback_started")) {
      return false;
    }
    int running = 0;
    for (String id : ids) {
      Task task = tasks.get(id);
      boolean runs = task.state() == Task.State.RUNNING && task.wanted();
      if (!runs && !task.state().terminal()) {
        return false;
      }
      running += runs ? 1 : 0;
    }
    return service.job() || running == service.desired();
  }

  /** The services that have tasks on a node. */
  public Set<String> servicesOn(String nodeId) {
    Set<String> found = new HashSet<>();
    byNode.of(nodeId).forEach(id -> found.add(tasks.get(id).serviceId()));
    return found;
  }

  /** How many nodes, services, tasks and networks there are, in this order. */
  public List<Integer> sizes() {
    return List.of(nodes.size(), services.size(), tasks.size(), networks.size());
  }

  // -- what to publish

  /**
   * Passes on what differs from what is published: networks and nodes before services, services
   * before tasks, so that a reader of all topics mostly knows what a record refers to. Nothing
   * before the first full reading: until then the past is all that is known.
   */
  public void changes(ChangeSink to) {
    if (synced) {
      networks.changes(to::network);
      nodes.changes(to::node);
      services.changes(to::service);
      tasks.changes(to::task);
    }
  }

  /** Whether there may be something to publish. */
  public boolean hasChanges() {
    return synced
        && (networks.hasChanges()
            || nodes.hasChanges()
            || services.hasChanges()
            || tasks.hasChanges());
  }

  /** What {@link #changes} passed on has been published. */
  public void confirm() {
    networks.confirm();
    nodes.confirm();
    services.confirm();
    tasks.confirm();
  }

  /** No reading is under way: what is remembered against late ones can go. */
  public void forgetTouches() {
    networks.forgetTouches();
    nodes.forgetTouches();
    services.forgetTouches();
    tasks.forgetTouches();
  }

  // -- inside

  private Task effective(Task task) {
    Node node = task.nodeId() == null ? null : nodes.get(task.nodeId());
    boolean serves =
        node != null && node.mayServe() && !Boolean.FALSE.equals(agents.seen(task.nodeId()));
    Sight sight = sights.of(task.nodeId(), task.id());
    return Readiness.of(task, services.get(task.serviceId()), sight, serves);
  }

  private Set<String> putTasks(
      Map<String, Task> found, Collection<String> asked, long read, String cause) {
    Set<String> progressed = new HashSet<>();
    for (String id : Set.copyOf(asked)) {
      if (!found.containsKey(id)) {
        putTask(id, null, read, cause, progressed);
      }
    }
    found.forEach((id, task) -> putTask(id, task, read, cause, progressed));
    return progressed;
  }

  private void putTask(String id, Task after, long read, String cause, Set<String> progressed) {
    Task before = tasks.get(id);
    // Of the same version there is nothing new, and it must not undo what a removal has told.
    if (before != null && after != null && after.version() <= before.version()) {
      return;
    }
    if (!tasks.put(id, after, read, cause)) {
      return;
    }
    if (before != null) {
      byService.remove(before.serviceId(), id);
      byNode.remove(before.nodeId(), id);
      progressed.add(before.serviceId());
    }
    if (after == null) {
      sights.forget(before == null ? null : before.nodeId(), id);
      return;
    }
    byService.add(after.serviceId(), id);
    byNode.add(after.nodeId(), id);
    progressed.add(after.serviceId());
    if (after.nodeId() != null) {
      sights.placed(after.nodeId(), id);
    }
  }

  private static <T> void replaceAll(
      Table<T> table, Map<String, T> found, Collection<String> known, long read, String cause) {
    for (String id : Set.copyOf(known)) {
      if (!found.containsKey(id)) {
        table.put(id, null, read, cause);
      }
    }
    found.forEach((id, value) -> table.put(id, value, read, cause));
  }

  /** Keys by what they belong to. */
  private static final class Index {
    private final Map<String, Set<String>> members = new HashMap<>();

    Set<String> of(String owner) {
      return members.getOrDefault(owner, Set.of());
    }

    void add(String owner, String member) {
      if (owner != null) {
        members.computeIfAbsent(owner, o -> new HashSet<>()).add(member);
      }
    }

    void remove(String owner, String member) {
      Set<String> all = owner == null ? null : members.get(owner);
      if (all != null && all.remove(member) && all.isEmpty()) {
        members.remove(owner);
      }
    }
  }
}
