package dev.skep.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class EdgeProxyTest {
  @Test
  void theProxyPublishesOnItsNodeAloneAndSharesTheEdgeDirectory() {
    JsonNode spec = EdgeProxy.service("haproxy:3.4", "n1", "net1", "/srv/edge", 8080, 8443);

    assertThat(spec.at("/EndpointSpec/Ports").findValuesAsText("PublishMode"))
        .containsExactly("host", "host");
    assertThat(spec.at("/EndpointSpec/Ports").findValuesAsText("PublishedPort"))
        .containsExactly("8080", "8443");
    assertThat(spec.at("/TaskTemplate/Placement/Constraints/0").asText()).isEqualTo("node.id==n1");
    assertThat(spec.at("/TaskTemplate/ContainerSpec/Mounts/0/Source").asText())
        .isEqualTo("/srv/edge");
    assertThat(spec.at("/UpdateConfig/Order").asText()).isEqualTo("stop-first");
  }

  @Test
  void theNetworkIsALargeOverlay() {
    JsonNode network = EdgeProxy.network();

    assertThat(network.at("/Driver").asText()).isEqualTo("overlay");
    assertThat(network.at("/IPAM/Config/0/Subnet").asText()).endsWith("/16");
  }
}
