package dev.skep.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.edge.StoreGuard.Objection;
import dev.skep.model.edge.StorePosition;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoreGuardTest {
  private static final StorePosition KNOWN = at("id-1", 10);

  @Test
  void the_first_start_takes_what_it_finds() {
    Optional<Objection> objection = StoreGuard.objection(null, to("id-9", 3));

    assertThat(objection).isEmpty();
  }

  @Test
  void the_same_store_further_on_is_taken() {
    Optional<Objection> objection = StoreGuard.objection(KNOWN, to("id-1", 12));

    assertThat(objection).isEmpty();
  }

  @Test
  void another_store_is_refused_and_the_remedy_named() {
    Optional<Objection> objection = StoreGuard.objection(KNOWN, to("id-2", 99));

    assertThat(objection).get().extracting(Objection::passing).isEqualTo(false);
    assertThat(objection).get().asString().contains("id-2", "skep adopt");
  }

  @Test
  void a_store_that_was_set_back_is_refused() {
    Optional<Objection> objection = StoreGuard.objection(KNOWN, to("id-1", 10));

    assertThat(objection).get().extracting(Objection::passing).isEqualTo(false);
    assertThat(objection).get().asString().contains("set back", "skep adopt");
  }

  @Test
  void records_that_a_power_cut_took_are_waited_for() {
    Optional<Objection> objection =
        StoreGuard.objection(
            KNOWN, Map.of("skep.routes", new StoreGuard.Extent("id-1", 10, false)));

    assertThat(objection).get().extracting(Objection::passing).isEqualTo(true);
  }

  @Test
  void only_what_is_behind_is_known_less_far() {
    StorePosition known =
        new StorePosition(
            Map.of(
                "a", new StorePosition.Position("id-1", 10),
                "b", new StorePosition.Position("id-1", 10),
                "c", new StorePosition.Position("id-1", 10)));

    StorePosition lowered =
        StoreGuard.lowered(
            known,
            Map.of(
                "a", new StoreGuard.Extent("id-1", 5, false),
                "b", new StoreGuard.Extent("id-1", 5, true)));

    assertThat(lowered.topics())
        .containsEntry("a", new StorePosition.Position("id-1", 4))
        .containsEntry("b", new StorePosition.Position("id-1", 10))
        .containsEntry("c", new StorePosition.Position("id-1", 10));
  }

  @Test
  void what_does_not_pass_by_itself_is_said_first() {
    StorePosition known =
        new StorePosition(
            Map.of(
                "a", new StorePosition.Position("id-1", 10),
                "b", new StorePosition.Position("id-1", 10),
                "c", new StorePosition.Position("id-1", 10)));

    Optional<Objection> objection =
        StoreGuard.objection(
            known,
            Map.of(
                "a", new StoreGuard.Extent("id-1", 5, false),
                "b", new StoreGuard.Extent("id-1", 5, true),
                "c", new StoreGuard.Extent("id-1", 5, false)));

    assertThat(objection).get().asString().contains("topic b");
  }

  @Test
  void a_store_whose_last_record_was_compacted_away_is_taken() {
    Optional<Objection> objection = StoreGuard.objection(KNOWN, to("id-1", 11));

    assertThat(objection).isEmpty();
  }

  @Test
  void what_is_known_does_not_fall_back_with_the_last_surviving_record() {
    StorePosition further = StoreGuard.further(KNOWN, at("id-1", 7));

    assertThat(further).isEqualTo(KNOWN);
  }

  @Test
  void what_is_known_follows_what_was_applied() {
    StorePosition further = StoreGuard.further(KNOWN, at("id-1", 11));

    assertThat(further).isEqualTo(at("id-1", 11));
  }

  @Test
  void nothing_known_of_another_store_is_kept() {
    StorePosition further = StoreGuard.further(KNOWN, at("id-2", 3));

    assertThat(further).isEqualTo(at("id-2", 3));
  }

  private static Map<String, StoreGuard.Extent> to(String id, long end) {
    return Map.of("skep.routes", new StoreGuard.Extent(id, end, true));
  }

  private static StorePosition at(String id, long offset) {
    return new StorePosition(Map.of("skep.routes", new StorePosition.Position(id, offset)));
  }
}
