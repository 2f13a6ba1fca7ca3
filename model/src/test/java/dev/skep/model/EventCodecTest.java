package dev.skep.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.model.edge.Backend;
import dev.skep.model.edge.Route;
import dev.skep.model.edge.RoutingEntry;
import dev.skep.model.edge.Rule;
import dev.skep.model.event.EventCodec;
import dev.skep.model.event.EventType;
import dev.skep.model.event.UnreadableEventException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventCodecTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  record Shape(String name, int sides) {}

  @Test
  void aTopicOfTwoEntitiesReadsBackWhatItWrote() throws Exception {
    Route route =
        new Route(
            "web",
            "s1",
            "demo_web",
            new Rule.And(List.of(new Rule.Host("a.example"), new Rule.PathPrefix("/x"))),
            20,
            List.of("websecure"),
            new Route.Tls(null, List.of()),
            false,
            "web",
            List.of(Condition.isTrue(Route.ACCEPTED, "Accepted", "", NOW)));
    Backend backend =
        new Backend(
            "web",
            "s1",
            "http",
            true,
            List.of(new Backend.Server("t1", "10.0.0.2", 80, Backend.State.READY)));

    List<RoutingEntry> read =
        List.of(roundTrip(Codecs.ROUTES, route), roundTrip(Codecs.ROUTES, backend));

    assertThat(read).containsExactly(route, backend);
  }

  @Test
  void theVersionBeforeIsUpgraded() throws Exception {
    EventCodec<Shape> codec =
        EventCodec.<Shape>create()
            .and("shape", 2, Shape.class, old -> ((ObjectNode) old).put("sides", 4));

    Shape shape =
        codec.read(EventType.parse("dev.skep.shape.updated.v1"), bytes("{\"name\":\"a\"}"));

    assertThat(shape).isEqualTo(new Shape("a", 4));
  }

  @Test
  void unknownFieldsAreIgnored() throws Exception {
    EventCodec<Shape> codec = EventCodec.of("shape", Shape.class);

    Shape shape =
        codec.read(
            EventType.parse("dev.skep.shape.updated.v1"),
            bytes("{\"name\":\"a\",\"sides\":3,\"colour\":\"red\"}"));

    assertThat(shape).isEqualTo(new Shape("a", 3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dev.skep.shape.updated.v3|{}",
        "dev.skep.other.updated.v1|{}",
        "dev.skep.shape.updated.v1|",
        "dev.skep.shape.updated.v1|[]",
        "dev.skep.shape.updated.v1|{\"sides\":\"many\"}",
        "dev.skep.shape.updated.v1|{\"sides\":"
      })
  void whatCannotBeUnderstoodIsUnreadableWithAReason(String typeAndData) {
    EventCodec<Shape> codec = EventCodec.of("shape", Shape.class);
    String[] parts = typeAndData.split("\\|", -1);

    assertThatThrownBy(() -> codec.read(EventType.parse(parts[0]), bytes(parts[1])))
        .isInstanceOf(UnreadableEventException.class)
        .message()
        .isNotBlank();
  }

  private static <T> T roundTrip(EventCodec<T> codec, T value) throws Exception {
    return codec.read(codec.typeOf(value, "updated"), codec.write(value));
  }

  private static byte[] bytes(String s) {
    return s.getBytes(UTF_8);
  }
}
