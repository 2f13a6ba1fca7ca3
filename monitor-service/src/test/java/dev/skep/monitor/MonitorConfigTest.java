package dev.skep.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.runtime.config.ConfigException;
import dev.skep.runtime.config.ConfigReader;
import dev.skep.runtime.config.Secret;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MonitorConfigTest {
  @Test
  void onlyTheTokenMustBeGiven() {
    MonitorConfig config = MonitorConfig.from(new ConfigReader(Map.of("SKEP_TOKEN", "t")));

    assertThat(config).isEqualTo(new MonitorConfig(new Secret("t"), Duration.ofHours(12)));
  }

  @Test
  void everythingCanBeSet() {
    MonitorConfig config =
        MonitorConfig.from(new ConfigReader(Map.of("SKEP_TOKEN", "t", "SKEP_SESSION_LIFE", "5m")));

    assertThat(config.sessionLife()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void everyErrorIsNamedAtOnce() {
    ConfigReader env = new ConfigReader(Map.of("SKEP_SESSION_LIFE", "3s"));

    MonitorConfig.from(env);

    assertThatThrownBy(env::check)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("SKEP_TOKEN")
        .hasMessageContaining("SKEP_SESSION_LIFE");
  }

  @Test
  void theTokenIsNotPrinted() {
    String printed = MonitorConfig.of(new Secret("SENTINEL")).toString();

    assertThat(printed).doesNotContain("SENTINEL");
  }
}
