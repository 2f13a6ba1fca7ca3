package dev.skep.edge.traefik;

import static dev.skep.edge.Models.and;
import static dev.skep.edge.Models.backend;
import static dev.skep.edge.Models.drain;
import static dev.skep.edge.Models.host;
import static dev.skep.edge.Models.model;
import static dev.skep.edge.Models.or;
import static dev.skep.edge.Models.path;
import static dev.skep.edge.Models.ready;
import static dev.skep.edge.Models.route;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.edge.EdgeModel;
import dev.skep.model.Json;
import dev.skep.model.edge.Route;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TraefikRendererTest {
  private final TraefikRenderer renderer = new TraefikRenderer(n -> "/edge/" + n, 8443);

  @Test
  void an_empty_model_has_no_empty_sections() {
    String document = renderer.render(EdgeModel.empty());

    assertThat(document.replaceAll("\\s", "")).isEqualTo("{}");
  }

  @Test
  void a_renewed_certificate_changes_the_document_that_traefik_watches() {
    String before = renderer.render(certificate("aa"));

    String after = renderer.render(certificate("bb"));

    assertThat(after).isNotEqualTo(before);
    assertThat(after.substring(after.indexOf('\n')))
        .isEqualTo(before.substring(before.indexOf('\n')));
  }

  @Test
  void a_value_never_starts_a_template_action() throws Exception {
    EdgeModel model =
        model(backend("{{env}}"), route("a", 0, path("/"), List.of("web"), null, false, "{{env}}"));

    String document = renderer.render(model);

    assertThat(document).doesNotContain("{{");
    assertThat(Json.mapper().readTree(document).at("/http/routers/a-web/service").asText())
        .isEqualTo("{{env}}");
  }

  private static EdgeModel certificate(String fingerprint) {
    return EdgeModel.of(
        Map.of(),
        Map.of(),
        Map.of("a.test", new EdgeModel.CertificateRef("a.test", fingerprint)),
        Map.of());
  }

  @Test
  void a_route_with_tls_and_a_redirect_becomes_a_router_on_each_entry_point() throws Exception {
    Route route =
        route(
            "a",
            7,
            and(host("a.test"), or(path("/x"), path("/y"))),
            List.of("web", "websecure"),
            new Route.Tls(null, List.of()),
            true,
            "a");

    JsonNode http =
        Json.mapper()
            .readTree(renderer.render(model(route, backend("a", ready("t1", 80), drain("t2", 80)))))
            .get("http");

    assertThat(http.at("/routers/a-websecure/rule").asText())
        .isEqualTo("(Host(`a.test`) && (PathPrefix(`/x`) || PathPrefix(`/y`)))");
    assertThat(http.at("/routers/a-websecure").has("tls")).isTrue();
    assertThat(http.at("/routers/a-web/middlewares/0").asText())
        .isEqualTo("skep-redirect-to-https");
    assertThat(http.at("/middlewares/skep-redirect-to-https/redirectScheme/port").asText())
        .isEqualTo("8443");
    assertThat(http.at("/services/a/loadBalancer/servers").toString())
        .isEqualTo("[{\"url\":\"http://127.0.0.1:80\"}]");
  }
}
