package dev.skep.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.runtime.config.ConfigException;
import dev.skep.runtime.config.ConfigReader;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MonitorConfigTest {
  @Test
  void nothingMustBeGiven() {
    MonitorConfig config = MonitorConfig.from(new ConfigReader(Map.of()));

    assertThat(config).isEqualTo(new MonitorConfig(Duration.ofHours(12)));
    assertThat(config).isEqualTo(MonitorConfig.defaults());
  }

  @Test
  void everythingCanBeSet() {
    MonitorConfig config = MonitorConfig.from(new ConfigReader(Map.of("SKEP_SESSION_LIFE", "5m")));

    assertThat(config.sessionLife()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void anErrorIsNamed() {
    ConfigReader env = new ConfigReader(Map.of("SKEP_SESSION_LIFE", "3s"));

    MonitorConfig.from(env);

    assertThatThrownBy(env::check)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("SKEP_SESSION_LIFE");
  }
}
