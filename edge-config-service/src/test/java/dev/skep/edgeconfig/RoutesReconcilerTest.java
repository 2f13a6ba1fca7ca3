package dev.skep.edgeconfig;

import static dev.skep.edgeconfig.Cluster.service;
import static dev.skep.edgeconfig.Cluster.web;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.edgeconfig.routing.RoutingOptions;
import dev.skep.edgeconfig.routing.RoutingState;
import dev.skep.edgeconfig.routing.ServiceCompiler;
import dev.skep.model.cluster.Service;
import dev.skep.model.cluster.Task;
import dev.skep.runtime.kafka.PublishException;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.reconcile.Reconciliation;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoutesReconcilerTest {
  private static final Reconciliation RUN = new Reconciliation("r1", "test", 1);

  private final Map<String, Service> services = new HashMap<>();
  private final Set<String> broken = new HashSet<>();
  private final TaskIndex tasks = new TaskIndex();
  private final DirtyServices dirty = new DirtyServices();
  private final List<List<Write<?>>> published = new ArrayList<>();
  private final List<String> marked = new ArrayList<>();
  private boolean brokerAway;
  private final RoutesReconciler reconciler =
      new RoutesReconciler(
          new ServiceCompiler(RoutingOptions.defaults()),
          RoutingState.of(List.of()),
          dirty,
          this::service0,
          tasks,
          id -> id.equals(Cluster.EDGE) ? Cluster.network(id, "skep-edge") : null,
          this::publish,
          (id, trigger) -> marked.add(id),
          Clock.fixed(Cluster.NOW, ZoneOffset.UTC));

  @Test
  void allThatWaitsIsPublishedInOneTransactionWithWhatCausedIt() {
    add("a");
    add("b");
    dirty.add("a", "cause-a");
    dirty.add("b", null);

    reconciler.reconcile("a", RUN);

    assertThat(published).hasSize(1);
    assertThat(published.getFirst())
        .extracting(Write::key, Write::correlationId)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("route/a", "cause-a"),
            org.assertj.core.groups.Tuple.tuple("backend/a", "cause-a"),
            org.assertj.core.groups.Tuple.tuple("route/b", null),
            org.assertj.core.groups.Tuple.tuple("backend/b", null));
  }

  @Test
  void nothingNewPublishesNothing() {
    add("a");
    reconciler.reconcile("a", RUN);
    reconciler.reconcile("a", RUN);
    assertThat(published).hasSize(1);
  }

  @Test
  void aServiceThatIsGoneLeavesTombstones() {
    add("a");
    reconciler.reconcile("a", RUN);
    services.remove("a");

    reconciler.reconcile("a", RUN);

    assertThat(published.getLast())
        .allMatch(w -> w.value() == null)
        .extracting(Write::key)
        .containsExactlyInAnyOrder("route/a", "backend/a");
  }

  @Test
  void whatCouldNotBePublishedIsPublishedByTheNextRunWithAllThatWaited() {
    add("a");
    add("b");
    dirty.add("b", null);
    brokerAway = true;
    assertThatThrownBy(() -> reconciler.reconcile("a", RUN)).isInstanceOf(PublishException.class);
    brokerAway = false;

    reconciler.reconcile("a", RUN);

    assertThat(published).hasSize(1);
    assertThat(published.getFirst()).hasSize(4);
  }

  @Test
  void aServiceThatFailsFailsAloneAndTheOthersAreServed() {
    add("a");
    add("b");
    broken.add("b");
    dirty.add("b", null);

    reconciler.reconcile("a", RUN);

    assertThat(published.getFirst())
        .extracting(Write::key)
        .containsExactlyInAnyOrder("route/a", "backend/a");
    assertThat(marked).containsExactly("b");
    assertThatThrownBy(() -> reconciler.reconcile("b", RUN))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whoWaitedForTheIncumbentIsMarkedWhenItGoes() {
    services.put("a", service("a", web("a", "same.example")));
    services.put("b", service("b", web("b", "same.example")));
    reconciler.reconcile("a", RUN);
    reconciler.reconcile("b", RUN);
    services.remove("a");

    reconciler.reconcile("a", RUN);

    assertThat(marked).containsExactly("b");
  }

  @Test
  void aTasksChangeTouchesTheBackendAlone() {
    add("a");
    reconciler.reconcile("a", RUN);
    Task task = Cluster.ready("t1", "a", "10.9.0.1");
    tasks.apply(null, task);

    reconciler.reconcile("a", RUN);

    assertThat(published.getLast()).extracting(Write::key).containsExactly("backend/a");
  }

  private void add(String id) {
    services.put(id, service(id, web(id, id + ".example")));
  }

  private Service service0(String id) {
    if (broken.contains(id)) {
      throw new IllegalStateException("a bug that this service's labels bring out");
    }
    return services.get(id);
  }

  private void publish(List<Write<?>> writes) {
    if (brokerAway) {
      throw new PublishException("the broker is away", null);
    }
    published.add(writes);
  }
}
