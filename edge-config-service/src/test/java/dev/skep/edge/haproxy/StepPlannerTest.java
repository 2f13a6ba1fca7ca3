package dev.skep.edge.haproxy;

import static dev.skep.edge.Models.backend;
import static dev.skep.edge.Models.drain;
import static dev.skep.edge.Models.host;
import static dev.skep.edge.Models.model;
import static dev.skep.edge.Models.ready;
import static dev.skep.edge.Models.web;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.edge.haproxy.ProxyState.Mode;
import dev.skep.edge.haproxy.ProxyState.Server;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StepPlannerTest {
  private static final HaproxyVersion V34 = new HaproxyVersion(3, 4);
  private static final HaproxyVersion V30 = new HaproxyVersion(3, 0);
  private static final ProxyState ONE = state(ready("t1", 81));

  @Test
  void nothing_is_done_where_nothing_differs() {
    List<Step> steps = StepPlanner.plan(ONE, ONE, V34);

    assertThat(steps).isEmpty();
  }

  @Test
  void a_new_route_gets_its_backend_and_servers_before_the_map_leads_to_them() {
    List<Step> steps = StepPlanner.plan(ProxyState.empty(), ONE, V34);

    assertThat(steps)
        .containsExactly(
            new Step.AddBackend("b_a"),
            new Step.AddServer("b_a", "t_t1", new Server("127.0.0.1", 81, Mode.READY)),
            new Step.AddEntry("web.map", "a.test/", "b_a"));
  }

  @Test
  void before_3_4_a_new_backend_needs_a_reload() {
    List<Step> steps = StepPlanner.plan(ProxyState.empty(), ONE, V30);

    assertThat(steps).singleElement().isInstanceOf(Step.Reload.class);
  }

  @Test
  void before_3_4_a_new_server_needs_none() {
    List<Step> steps = StepPlanner.plan(ONE, state(ready("t1", 81), ready("t2", 82)), V30);

    assertThat(steps)
        .containsExactly(
            new Step.AddServer("b_a", "t_t2", new Server("127.0.0.1", 82, Mode.READY)));
  }

  @Test
  void a_new_server_is_there_before_the_old_one_drains() {
    List<Step> steps = StepPlanner.plan(ONE, state(drain("t1", 81), ready("t2", 82)), V34);

    assertThat(steps)
        .containsExactly(
            new Step.AddServer("b_a", "t_t2", new Server("127.0.0.1", 82, Mode.READY)),
            new Step.SetServer(
                "b_a",
                "t_t1",
                new Server("127.0.0.1", 81, Mode.READY),
                new Server("127.0.0.1", 81, Mode.DRAIN)));
  }

  @Test
  void a_removed_route_leaves_the_map_before_its_backend_goes() {
    List<Step> steps = StepPlanner.plan(ONE, ProxyState.empty(), V34);

    assertThat(steps)
        .containsExactly(
            new Step.DeleteEntry("web.map", "a.test/"),
            new Step.RetireBackend("b_a"),
            new Step.RetireServer("b_a", "t_t1"),
            new Step.DeleteServer("b_a", "t_t1"),
            new Step.DeleteBackend("b_a"));
  }

  @Test
  void a_retired_server_that_is_wanted_again_is_put_back() {
    SortedMap<String, SortedMap<String, Server>> backends = new TreeMap<>();
    Server retired = new Server("127.0.0.1", 81, Mode.RETIRED);
    backends.put("b_a", new TreeMap<>(java.util.Map.of("t_t1", retired)));
    ProxyState applied = new ProxyState(backends, ONE.maps(), ONE.certificates());

    List<Step> steps = StepPlanner.plan(applied, ONE, V34);

    assertThat(steps)
        .containsExactly(
            new Step.PublishBackend("b_a"),
            new Step.SetServer("b_a", "t_t1", retired, new Server("127.0.0.1", 81, Mode.READY)));
  }

  @Test
  void several_changes_of_a_map_are_made_at_one_instant() {
    ProxyState two =
        ProxyState.desired(model(web("a", 1, host("b.test")), backend("a", ready("t1", 81))));

    List<Step> steps = StepPlanner.plan(ONE, two, V34);

    assertThat(steps).singleElement().isInstanceOf(Step.ReplaceMap.class);
  }

  @Test
  void a_certificate_is_installed_rotated_and_removed() {
    ProxyState none = ProxyState.empty();

    List<Step> installed = StepPlanner.plan(none, certificate("1"), V34);
    List<Step> rotated = StepPlanner.plan(certificate("1"), certificate("2"), V34);
    List<Step> removed = StepPlanner.plan(certificate("2"), none, V34);

    assertThat(installed).containsExactly(new Step.NewCertificate("c_a.pem"));
    assertThat(rotated).containsExactly(new Step.RotateCertificate("c_a.pem"));
    assertThat(removed).containsExactly(new Step.RemoveCertificate("c_a.pem"));
  }

  private static ProxyState certificate(String fingerprint) {
    return new ProxyState(
        new TreeMap<>(), new TreeMap<>(), new TreeMap<>(java.util.Map.of("c_a.pem", fingerprint)));
  }

  private static ProxyState state(dev.skep.model.edge.Backend.Server... servers) {
    return ProxyState.desired(model(web("a", 1, host("a.test")), backend("a", servers)));
  }
}
