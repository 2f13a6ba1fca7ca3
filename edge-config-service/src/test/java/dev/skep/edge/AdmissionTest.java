package dev.skep.edge;

import static dev.skep.edge.Models.backend;
import static dev.skep.edge.Models.host;
import static dev.skep.edge.Models.model;
import static dev.skep.edge.Models.path;
import static dev.skep.edge.Models.ready;
import static dev.skep.edge.Models.web;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.model.edge.Backend;
import dev.skep.model.edge.EdgeStatus.Refusal;
import dev.skep.model.edge.Route;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {
  @ParameterizedTest
  @ValueSource(strings = {"a b", "a.test\n  bind :1", "a\"b", "a'b", "a#b", "", "ä.test", "A.test"})
  void a_host_that_could_break_out_is_refused_and_named(String name) {
    EdgeModel wanted = model(web("bad", 1, host(name)), web("good", 1, host("b.test")));

    Admission admission = Admission.of(wanted, Map.of());

    assertThat(admission.refused()).extracting(Refusal::key).containsExactly("route/bad");
    assertThat(admission.model().routes()).containsOnlyKeys("good");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a b", "/a\nuse_backend x", "/a#b", "/a\"b", "/a\\b", "a"})
  void a_path_that_could_break_out_is_refused(String prefix) {
    Admission admission = Admission.of(model(web("bad", 1, path(prefix))), Map.of());

    assertThat(admission.refused()).extracting(Refusal::key).containsExactly("route/bad");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.999", "localhost", "10.0.0.1 check", "fe80::1%eth0", ""})
  void an_address_that_is_no_address_is_refused(String address) {
    Backend bad = backend("bad", new Backend.Server("t", address, 80, Backend.State.READY));

    Admission admission = Admission.of(model(bad), Map.of());

    assertThat(admission.refused()).extracting(Refusal::key).containsExactly("backend/bad");
  }

  @Test
  void what_a_proxy_refused_stays_out_until_it_changes() {
    Route first = web("r", 1, host("a.test"));
    Route second = web("r", 2, host("a.test"));
    Map<String, Refused> before = Map.of("route/r", new Refused(first, "because"));

    Admission same = Admission.of(model(first), before);
    Admission changed = Admission.of(model(second, backend("r", ready("t", 80))), before);

    assertThat(same.refused()).containsExactly(new Refusal("route/r", "because"));
    assertThat(changed.refused()).isEmpty();
  }
}
