package dev.skep.deployer.image.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.model.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class PushTest {
  private static final String EVENT =
      """
      {"id":"1","timestamp":"2026-01-01T00:00:00Z","action":"%s",
       "target":{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:00",
                 "repository":"%s","url":"http://registry:5000/v2/x/manifests/sha256:00"%s},
       "request":{"id":"2","addr":"10.0.0.1:1","host":"%s","method":"PUT"},"actor":{}}
      """;

  @Test
  void onlyPushesOfTagsCount() throws Exception {
    JsonNode envelope =
        envelope(
            EVENT.formatted("push", "app", ",\"tag\":\"1.4\"", "Registry:5000"),
            EVENT.formatted("push", "app", ",\"tag\":\"1.4\"", "Registry:5000"),
            EVENT.formatted("push", "app", "", "registry:5000"),
            EVENT.formatted("pull", "app", ",\"tag\":\"1.5\"", "registry:5000"),
            EVENT.formatted("delete", "app", ",\"tag\":\"1.6\"", "registry:5000"));

    assertThat(Push.read(envelope))
        .containsExactly(new Push("Registry:5000", "app", "1.4", "sha256:00"));
  }

  @Test
  void theHostMayBeToldByTheAddressAlone() throws Exception {
    JsonNode envelope = envelope(EVENT.formatted("push", "app", ",\"tag\":\"x\"", ""));

    assertThat(Push.read(envelope))
        .containsExactly(new Push("registry:5000", "app", "x", "sha256:00"));
  }

  @Test
  void aHintIsForTheTagAndIfItIsAVersionForTheList() {
    HostAliases aliases = HostAliases.of("registry:5000 = hub.example.org, x:1=docker.io");

    assertThat(new Push("REGISTRY:5000", "app", "1.4.2", "").hints(aliases))
        .containsExactly(
            new Watched("hub.example.org", "app", "1.4.2"),
            new Watched("hub.example.org", "app", ""));
    assertThat(new Push("x:1", "nginx", "latest", "").hints(aliases))
        .containsExactly(new Watched("docker.io", "library/nginx", "latest"));
  }

  @Test
  void whatIsNoEnvelopeIsAnError() {
    for (String text : List.of("null", "{}", "[]", "{\"events\":{}}", "\"push\"")) {
      assertThatThrownBy(() -> Push.read(Json.mapper().readTree(text)))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void eventsThatAreNotUnderstoodAreLeftOut() throws Exception {
    assertThat(
            Push.read(Json.mapper().readTree("{\"events\":[1,null,{},[],{\"action\":\"push\"}]}")))
        .isEmpty();
  }

  @Test
  void theNumberOfEventsIsBounded() {
    ObjectNode envelope = Json.mapper().createObjectNode();
    ArrayNode events = envelope.putArray("events");
    for (int n = 0; n <= Push.MOST_EVENTS; n++) {
      events.addObject();
    }

    assertThatThrownBy(() -> Push.read(envelope)).hasMessageContaining("at most 1000");
  }

  @Test
  void aliasesAreInPairs() {
    assertThat(HostAliases.of("")).isEqualTo(HostAliases.NONE);
    assertThat(HostAliases.NONE.inImages("A.example")).isEqualTo("a.example");
    for (String text : List.of("a", "a=", "=b", "a=b=c", "a=b,c")) {
      assertThatThrownBy(() -> HostAliases.of(text)).hasMessageContaining("TOLD=IMAGE");
    }
  }

  private static JsonNode envelope(String... events) throws Exception {
    return Json.mapper().readTree("{\"events\":[" + String.join(",", events) + "]}");
  }
}
