package dev.skep.inventory.watch;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One round of readings: objects by their ids, and the tasks of services.
 *
 * @param tasksOf services of which all tasks are read
 */
record Wanted(
    Set<String> nodes,
    Set<String> services,
    Set<String> networks,
    Set<String> tasks,
    Set<String> tasksOf) {

  /** Collects what the next round is to read. */
  static final class Collector {
    /** Ids stand in the URL: some 40 characters each, of the 64 KiB or so that servers take. */
    private static final int MAX = 200;

    private final Set<String> nodes = new LinkedHashSet<>();
    private final Set<String> services = new LinkedHashSet<>();
    private final Set<String> networks = new LinkedHashSet<>();
    private final Set<String> tasks = new LinkedHashSet<>();

    void node(String id) {
      nodes.add(id);
    }

    void service(String id) {
      services.add(id);
    }

    void network(String id) {
      networks.add(id);
    }

    void task(String id) {
      tasks.add(id);
    }

    boolean isEmpty() {
      return nodes.isEmpty() && services.isEmpty() && networks.isEmpty() && tasks.isEmpty();
    }

    Wanted take(List<String> tasksOf) {
      return new Wanted(
          some(nodes), some(services), some(networks), some(tasks), new LinkedHashSet<>(tasksOf));
    }

    /** What a failed round has not read is still wanted. */
    void giveBack(Wanted failed) {
      nodes.addAll(failed.nodes());
      services.addAll(failed.services());
      networks.addAll(failed.networks());
      tasks.addAll(failed.tasks());
    }

    private static Set<String> some(Set<String> all) {
      List<String> first = new ArrayList<>(all).subList(0, Math.min(MAX, all.size()));
      Set<String> taken = new LinkedHashSet<>(first);
      all.removeAll(taken);
      return taken;
    }
  }
}
