package dev.skep.edgeconfig.routing;

import static dev.skep.edgeconfig.Cluster.service;
import static dev.skep.edgeconfig.Cluster.web;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.edgeconfig.Cluster;
import dev.skep.model.cluster.Service;
import dev.skep.model.edge.Route;
import dev.skep.model.edge.RoutingEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoutingStateTest {
  private final RoutingState state = RoutingState.of(List.of());
  private final ServiceCompiler compiler = new ServiceCompiler(RoutingOptions.defaults());
  private Instant now = Cluster.NOW;

  @Test
  void aTasksChangeWritesOneBackendAndNothingElse() {
    Service shop = service("shop", web("shop", "shop.example"));
    turn(shop, List.of());
    RoutingState.Change change = settle(shop, List.of(Cluster.ready("t1", "shop", "10.9.0.1")));
    assertThat(change.put()).extracting(RoutingEntry::key).containsExactly("backend/shop");
    assertThat(change.removed()).isEmpty();
  }

  @Test
  void nothingNewWritesNothingAndKeepsTheTransitionTime() {
    Service shop = service("shop", web("shop", "shop.example"));
    turn(shop, List.of());
    now = now.plusSeconds(60);
    assertThat(settle(shop, List.of()).isEmpty()).isTrue();
  }

  @Test
  void aServiceThatIsGoneLeavesNothing() {
    turn(service("shop", web("shop", "shop.example")), List.of());
    RoutingState.Change change = state.settle(ServiceRoutes.none("shop", "shop"), now);
    assertThat(change.removed()).containsExactlyInAnyOrder("route/shop", "backend/shop");
  }

  @Test
  void whoWaitsIsNamedWhenTheIncumbentLetsGo() {
    turn(service("first", web("one", "shop.example")), List.of());
    turn(service("second", web("two", "shop.example")), List.of());
    turn(service("stranger", web("three", "other.example")), List.of());
    var again = state.commit(state.settle(ServiceRoutes.none("first", "first"), now));
    assertThat(again).containsExactly("second");
  }

  @Test
  void aChangeThatWasNotPublishedIsGivenAgainWithThoseWhoWait() {
    turn(service("first", web("one", "shop.example")), List.of());
    turn(service("second", web("two", "shop.example")), List.of());
    RoutingState.Change lost = state.settle(ServiceRoutes.none("first", "first"), now);
    RoutingState.Change again = state.settle(ServiceRoutes.none("first", "first"), now);
    assertThat(again).isEqualTo(lost);
    assertThat(state.commit(again)).containsExactly("second");
  }

  @Test
  void anIncumbentThatIsRemovedAfterItsNameWasTakenOverDoesNotTakeTheNewRecordAlong() {
    turn(service("first", web("shop", "shop.example")), List.of());
    Service second = service("second", web("shop", "shop.example"));
    turn(second, List.of());
    RoutingState.Change gone = state.settle(ServiceRoutes.none("first", "first"), now);
    RoutingState.Change taken = settle(second, List.of());
    state.commit(gone);
    state.commit(taken);
    assertThat(state.route("shop").serviceId()).isEqualTo("second");
    assertThat(state.entries()).containsOnlyKeys("route/shop", "backend/shop");
  }

  @Test
  void aBrokenLabelChangesTheTransitionTimeOnce() {
    turn(service("shop", web("shop", "shop.example")), List.of());
    now = now.plusSeconds(60);
    Service broken =
        service(
            "shop", Map.of("traefik.enable", "true", "traefik.http.routers.shop.rule", "Host("));
    turn(broken, List.of());
    Instant since = now;
    now = now.plusSeconds(60);
    turn(broken, List.of());
    Route route = state.route("shop");
    assertThat(route.conditions().getFirst().lastTransitionTime()).isEqualTo(since);
  }

  private RoutingState.Change settle(Service s, List<dev.skep.model.cluster.Task> tasks) {
    return state.settle(
        compiler.compile(
            s,
            tasks,
            id -> id.equals(Cluster.EDGE) ? Cluster.network(id, "skep-edge") : null,
            state::backend),
        now);
  }

  private void turn(Service s, List<dev.skep.model.cluster.Task> tasks) {
    state.commit(settle(s, tasks));
  }
}
