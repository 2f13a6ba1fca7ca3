package dev.skep.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EngineValuesTest {
  @Test
  void filtersJoinValuesOfOneName() {
    // Given
    Filters base = Filters.of("service", "a");

    // When
    Filters more = base.and("service", List.of("b", "a")).and("desired-state", "running");

    // Then
    assertThat(more.toJson())
        .isEqualTo("{\"service\":[\"a\",\"b\"],\"desired-state\":[\"running\"]}");
    assertThat(base.toJson()).isEqualTo("{\"service\":[\"a\"]}");
  }

  @ParameterizedTest
  @CsvSource({
    "500, rpc error: code = Unknown desc = The swarm does not have a leader., true",
    "500, rpc error: code = DeadlineExceeded desc = context deadline exceeded, true",
    "503, no server is available, true",
    "500, rpc error: code = Unknown desc = update out of sequence, false",
    "501, service mode change is not allowed, false",
    "409, name conflicts with an existing object, false",
  })
  void onlyWhatPassesByItselfIsTransient(int status, String reason, boolean passes) {
    EngineException e = new EngineException(status, "POST /services/create", reason, null);

    assertThat(e.isTransient()).isEqualTo(passes);
  }

  @Test
  void queriesAreEncodedAndFiltersArePartOfThem() {
    // Given
    Filters filters = Filters.of("label", "a b=c&d");

    // When
    Query query = Query.of("all", "true").and("absent", null).and(filters);

    // Then
    assertThat(query.encoded())
        .isEqualTo("?all=true&filters=%7B%22label%22%3A%5B%22a%20b%3Dc%26d%22%5D%7D");
    assertThat(Query.of(Filters.none()).encoded()).isEmpty();
  }

  @Test
  void registryCredentialsAreBase64UrlJsonAndNeverPrinted() {
    // Given a password whose base64 would hold characters that no header may
    RegistryAuth auth = RegistryAuth.of("me", "p\u00fc?>~", "registry.example:5000");

    // When
    String json = new String(Base64.getUrlDecoder().decode(auth.header()), StandardCharsets.UTF_8);

    // Then
    assertThat(json)
        .isEqualTo(
            "{\"username\":\"me\",\"password\":\"p\u00fc?>~\",\"serveraddress\":\"registry.example:5000\"}");
    assertThat(auth.header()).doesNotContain("+", "/");
    assertThat(auth.toString()).doesNotContain(auth.header());
  }

  @Test
  void aCallIsPrintedWithoutWhatMayBeSecret() {
    Transport.Call call =
        new Transport.Call(
            "POST",
            "/v1.41/services/create?a=b",
            JsonNodeFactory.instance.objectNode().put("Data", "hunter2"),
            Map.of("X-Registry-Auth", "hunter2"));

    assertThat(call).hasToString("POST /v1.41/services/create");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:2375", "tcp://localhost", "/var/run/docker.sock"})
  void aHostThatCannotBeReachedThisWaySaysWhatToWrite(String host) {
    assertThatThrownBy(() -> EngineConfig.of(URI.create(host)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(host)
        .hasMessageContaining("unix:///PATH or tcp://HOST:PORT");
  }

  @Test
  void execOutputIsTakenApartByStream() throws IOException {
    // Given frames of both streams in turn
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    frame(wire, 1, "out ");
    frame(wire, 2, "err");
    frame(wire, 1, "more");

    // When
    ExecOutput output = ExecOutput.read(new ByteArrayInputStream(wire.toByteArray()));

    // Then
    assertThat(output).isEqualTo(new ExecOutput("out more", "err"));
  }

  @Test
  void execOutputThatEndsWithinAFrameIsAnError() throws IOException {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    frame(wire, 1, "cut off");
    byte[] cut = wire.toByteArray();

    assertThatThrownBy(() -> ExecOutput.read(new ByteArrayInputStream(cut, 0, cut.length - 2)))
        .isInstanceOf(EOFException.class);
  }

  private static void frame(ByteArrayOutputStream wire, int stream, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    DataOutputStream out = new DataOutputStream(wire);
    out.writeByte(stream);
    out.write(new byte[3]);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  @Test
  void aNetworkThatAnotherMakesAtTheSameMomentIsAConflict() {
    String reason = "rpc error: code = Unknown desc = name conflicts with an existing object";

    assertThat(new EngineException(500, "POST /networks/create", reason, null).isConflict())
        .isTrue();
    assertThat(new EngineException(500, "POST /networks/create", "no", null).isConflict())
        .isFalse();
  }
}
