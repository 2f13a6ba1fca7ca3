package dev.skep.deployer.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.skep.deployer.image.policy.Told;
import dev.skep.deployer.image.policy.Watched;
import dev.skep.deployer.plan.ImagePins.Pin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExpectationsTest {
  private static final Watched TAG = new Watched("r", "app", "1.5.0");
  private static final Watched LIST = new Watched("r", "app", "");

  private final Expectations expectations = new Expectations();

  @Test
  void aTagThatHasNotMovedYetIsAskedForAgain() {
    expectations.expect(TAG, "1.5.0", "sha256:new");

    assertThat(expectations.again(TAG, List.of(tag("sha256:old"))))
        .contains(Duration.ofMillis(250));
    assertThat(expectations.again(TAG, List.of(tag("sha256:new")))).isEmpty();
    assertThat(expectations.open(TAG)).isFalse();
  }

  @Test
  void aVersionThatIsNotListedOrCannotBeReadYetIsAskedForAgain() {
    expectations.expect(LIST, "1.5.0", "sha256:new");

    assertThat(expectations.again(LIST, List.of(list("1.4.2")))).isPresent();
    assertThat(expectations.again(LIST, List.of(list("1.5.0").failed("manifest unknown"))))
        .isPresent();
    assertThat(expectations.again(LIST, List.of(list("1.4.2", "1.5.0")))).isEmpty();
  }

  @Test
  void allWhoAskHaveToBeTold() {
    expectations.expect(TAG, "1.5.0", "sha256:new");

    assertThat(expectations.again(TAG, List.of(tag("sha256:new"), tag("sha256:old")))).isPresent();
  }

  @Test
  void whatNeverComesIsNotWaitedForLong() {
    expectations.expect(TAG, "1.5.0", "sha256:never");

    List<Duration> waits = new ArrayList<>();
    Optional<Duration> wait = expectations.again(TAG, List.of(tag("sha256:old")));
    while (wait.isPresent()) {
      waits.add(wait.get());
      wait = expectations.again(TAG, List.of(tag("sha256:old")));
    }

    assertThat(waits).hasSize(5);
    assertThat(waits.stream().reduce(Duration.ZERO, Duration::plus))
        .isLessThan(Duration.ofSeconds(10));
    assertThat(expectations.open(TAG)).isFalse();
  }

  @Test
  void nothingIsExpectedOfAPushWithoutADigest() {
    expectations.expect(TAG, "1.5.0", "");

    assertThat(expectations.open(TAG)).isFalse();
    assertThat(expectations.again(TAG, List.of(tag("sha256:old")))).isEmpty();
  }

  private static Told tag(String digest) {
    Pin pin = new Pin("r/app:1.5.0@" + digest, JsonNodeFactory.instance.arrayNode());
    return new Told(Instant.EPOCH, List.of(), Map.of("1.5.0", pin), "", 0);
  }

  private static Told list(String... tags) {
    return new Told(Instant.EPOCH, List.of(tags), Map.of(), "", 0);
  }
}
