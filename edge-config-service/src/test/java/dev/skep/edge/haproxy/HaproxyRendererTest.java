package dev.skep.edge.haproxy;

import static dev.skep.edge.Models.and;
import static dev.skep.edge.Models.backend;
import static dev.skep.edge.Models.drain;
import static dev.skep.edge.Models.host;
import static dev.skep.edge.Models.model;
import static dev.skep.edge.Models.path;
import static dev.skep.edge.Models.ready;
import static dev.skep.edge.Models.web;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.edge.EdgeModel;
import dev.skep.model.edge.Backend;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HaproxyRendererTest {
  private final HaproxyRenderer renderer = new HaproxyRenderer(HaproxySettings.of("/edge"));

  @Test
  void routes_become_map_entries_and_backends() {
    EdgeModel model =
        model(
            web("api", 30, and(host("a.test"), path("/api;v=1"))),
            backend("api", ready("t1", 8080), drain("t2", 8080)));

    HaproxyFiles files = renderer.render(model);

    assertThat(files.texts().get("maps/web.map")).isEqualTo("a.test/api;v=1 b_api\n");
    assertThat(files.texts().get("haproxy.cfg"))
        .endsWith(
            """

            backend b_api from skep-backend
                server t_t1 127.0.0.1:8080 check inter 1s fall 3 rise 1 weight 1
                server t_t2 127.0.0.1:8080 check inter 1s fall 3 rise 1 weight 0
            """);
  }

  @Test
  void what_is_served_does_not_change_what_only_a_reload_can_change() {
    HaproxyFiles nothing = renderer.render(EdgeModel.empty());

    HaproxyFiles something =
        renderer.render(model(web("a", 1, host("a.test")), backend("a", ready("t", 80))));

    assertThat(something.staticHash()).isEqualTo(nothing.staticHash());
    assertThat(something.texts().get("haproxy.cfg")).startsWith(nothing.texts().get("haproxy.cfg"));
  }

  @Test
  void two_ids_never_share_a_name() {
    Backend colon = backend("a:40b");
    Backend at = backend("a@b");

    List<String> names = List.of(ProxyNames.backend(colon), ProxyNames.backend(at));

    assertThat(names).containsExactly("b_a:3a40b", "b_a:40b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a b", "/a\nb", "/a\"b", "/a'b", "/a\\b", "/a#b", "/a\u0000"})
  void a_value_that_could_break_out_is_never_rendered(String prefix) {
    EdgeModel model = model(web("a", 1, path(prefix)), backend("a"));

    assertThatThrownBy(() -> renderer.render(model)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_payload_with_a_blank_line_is_never_sent() {
    assertThatThrownBy(() -> RuntimeCommand.payload("set ssl cert x", "a\n\nshutdown\n", ""))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
