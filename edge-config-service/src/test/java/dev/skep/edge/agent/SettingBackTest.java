package dev.skep.edge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.edge.StoreGuard.Extent;
import dev.skep.edge.StoreGuard.Objection;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SettingBackTest {
  private static final Optional<Objection> BEHIND = Optional.of(new Objection("behind", "routes"));
  private static final Optional<Objection> LASTING = Optional.of(new Objection("other", null));

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final SettingBack settingBack = new SettingBack(now::get);

  @Test
  void what_is_behind_is_taken_some_time_after_its_writer_began_to_write() {
    assertThat(settingBack.judge(BEHIND, ends(3))).isEqualTo(BEHIND);
    pass(SettingBack.PATIENCE.multipliedBy(2));
    assertThat(settingBack.judge(BEHIND, ends(4))).isEqualTo(BEHIND);
    pass(SettingBack.PATIENCE.minusNanos(1));
    assertThat(settingBack.judge(BEHIND, ends(5))).isEqualTo(BEHIND);
    pass(Duration.ofNanos(1));
    assertThat(settingBack.judge(BEHIND, ends(5))).isEmpty();
  }

  @Test
  void without_a_record_of_its_writer_it_is_taken_late() {
    settingBack.judge(BEHIND, ends(3));
    pass(SettingBack.LONGEST.minusNanos(1));
    assertThat(settingBack.judge(BEHIND, ends(3))).isEqualTo(BEHIND);
    pass(Duration.ofNanos(1));
    assertThat(settingBack.judge(BEHIND, ends(3))).isEmpty();
  }

  @Test
  void what_does_not_pass_is_never_taken() {
    settingBack.judge(LASTING, ends(3));
    settingBack.judge(LASTING, ends(4));
    pass(SettingBack.PATIENCE.multipliedBy(2));

    assertThat(settingBack.judge(LASTING, ends(5))).isEqualTo(LASTING);
  }

  @Test
  void each_time_is_waited_for_anew() {
    settingBack.judge(BEHIND, ends(3));
    settingBack.judge(BEHIND, ends(4));
    pass(SettingBack.PATIENCE);
    settingBack.judge(Optional.empty(), ends(20));

    assertThat(settingBack.judge(BEHIND, ends(5))).isEqualTo(BEHIND);
  }

  private static Map<String, Extent> ends(long end) {
    return Map.of("routes", new Extent("id", end, false));
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }
}
