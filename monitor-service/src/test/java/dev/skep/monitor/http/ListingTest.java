package dev.skep.monitor.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.model.cluster.Task;
import dev.skep.runtime.http.ProblemException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListingTest {
  private final Listing<Integer> listing =
      new Listing<>(Comparator.<Integer>naturalOrder(), 10)
          .filter("odd", Filters.flag(i -> i % 2 == 1))
          .filter("state", Filters.constant(Task.State.class, i -> Task.State.RUNNING));

  @Test
  void aPageSaysHowManyThereAreAndWhereTheNextBegins() {
    Listing.Page<Integer> page = listing.page(upTo(25), List.of());

    assertThat(page.items()).hasSize(10).startsWith(1);
    assertThat(page.total()).isEqualTo(25);
    assertThat(page.next()).isEqualTo(10);
  }

  @Test
  void theLastPageHasNoNext() {
    Listing.Page<Integer> page =
        listing.page(upTo(25), List.of(Map.entry("offset", "20"), Map.entry("limit", "10")));

    assertThat(page.items()).containsExactly(21, 22, 23, 24, 25);
    assertThat(page.next()).isEqualTo(-1);
  }

  @Test
  void beyondTheEndIsEmptyHoweverFar() {
    Listing.Page<Integer> page = listing.page(upTo(5), List.of(Map.entry("offset", "2147483647")));

    assertThat(page.items()).isEmpty();
    assertThat(page.total()).isEqualTo(5);
  }

  @Test
  void filtersComeBeforePages() {
    Listing.Page<Integer> page =
        listing.page(upTo(9), List.of(Map.entry("odd", "true"), Map.entry("limit", "2")));

    assertThat(page.items()).containsExactly(1, 3);
    assertThat(page.total()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({
    "color,red,'[limit, odd, offset, state]'",
    "limit,0,from 1 to 10000",
    "limit,many,from 1 to 10000",
    "offset,-1,from 0",
    "odd,perhaps,true or false",
    "state,flying,running"
  })
  void aQueryThatIsNotUnderstoodSaysWhatIs(String name, String value, String accepted) {
    assertThatThrownBy(() -> listing.page(upTo(3), List.of(Map.entry(name, value))))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.problem().status()).isEqualTo(400);
              assertThat(e.problem().detail()).contains(name).contains(accepted);
            });
  }

  private static Stream<Integer> upTo(int n) {
    return IntStream.rangeClosed(1, n).map(i -> n + 1 - i).boxed();
  }
}
